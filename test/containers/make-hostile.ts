/** Containers that are made to harm whoever opens them. */
import { makePdf, makeTar, makeZip } from './make.ts';

/** Data that packs well, but not so well that its ratio gives it away. */
function noisyData(bytes: number): Buffer {
  const data = Buffer.alloc(bytes, 'a');
  for (let at = 0; at + 4 < bytes; at += 6000) data.writeUInt32LE(Math.imul(at, 2654435761) >>> 0, at);
  return data;
}

/** 16 files in 16 archives in 16 archives and so on. */
export function zipOfZips({ levels, bytes }: { levels: number; bytes: number }): Buffer {
  let data = noisyData(bytes);
  for (let level = 0; level < levels; level++) {
    const inner = data;
    data = makeZip(Array.from({ length: 16 }, (_, i) => ({ name: `${level}-${i}`, data: inner })));
  }
  return data;
}

/** An archive whose directory names the same data many times. */
export function overlappingZip({ names, bytes }: { names: number; bytes: number }): Buffer {
  const one = makeZip([{ name: 'x', data: noisyData(bytes) }]);
  const end = one.length - 22;
  const start = one.readUInt32LE(end + 16);
  const entry = one.subarray(start, end);
  const tail = Buffer.from(one.subarray(end));
  tail.writeUInt32LE(entry.length * names, 12);
  return Buffer.concat([one.subarray(0, start), ...Array.from({ length: names }, () => entry), tail]);
}

/** Archives in each other. */
export function nestedZip(levels: number): Buffer {
  let data = makeZip([{ name: 'x', data: 'at the bottom' }]);
  for (let i = 0; i < levels; i++) data = makeZip([{ name: 'x.zip', data, method: 0 }]);
  return data;
}

/** A zip archive with a directory of so many names, and nothing behind them. */
export function zipOfNames(count: number): Buffer {
  const local = Buffer.concat([Buffer.from('PK\x03\x04\x14\0'), Buffer.alloc(24), Buffer.from('x')]);
  local.writeUInt16LE(1, 26);
  const entry = Buffer.alloc(46 + 7);
  entry.write('PK\x01\x02\x14\0\x14\0', 'latin1');
  entry.writeUInt16LE(7, 28);
  const entries = Buffer.alloc(entry.length * count);
  for (let i = 0; i < count; i++) {
    entry.write(String(i).padStart(7, '0'), 46);
    entries.set(entry, i * entry.length);
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entries, end]);
}

/** Blocks of zstd that say how often a byte stands there: 128 kB each, in four bytes. */
export function zstdBomb(blocks: number): Buffer {
  const block = Buffer.from([0, 0, 0, 0x41]);
  block.writeUIntLE((131_072 << 3) | 2, 0, 3);
  const last = Buffer.from(block);
  last[0]! |= 1;
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]);
  return Buffer.concat([head, ...Array.from({ length: blocks - 1 }, () => block), last]);
}

/** A PDF file whose pages, streams and lengths lead to themselves. */
export function pdfInItself(): Buffer {
  return makePdf(
    [
      '<< /Type /Catalog /Pages 2 0 R /Metadata 1 0 R >>',
      '<< /Type /Pages /Kids [2 0 R 3 0 R] /Parent 2 0 R /Count 9999999 >>',
      '<< /Type /Page /Parent 3 0 R /Contents [3 0 R 4 0 R] /Resources 3 0 R >>',
      ['/Type /ObjStm /N 2 /First 8 /Extends 4 0 R /Length 4 0 R', '4 0 1 5 << /Type /ObjStm >> 4 0 R'],
      '5 0 R',
    ],
    '/Root 1 0 R /Prev 0',
  );
}

/** A tar archive of names and links that lead out of the folder; its two files hold `text`. */
export function tarThatLeadsOut(text: string): Buffer {
  const up = '../'.repeat(20);
  return makeTar([
    { name: `${up}etc/up.env`, data: text },
    { name: '/etc/absolute.env', data: text },
    { name: 'link', type: '2', linkTo: `${up}etc/passwd` },
    { name: 'hard', type: '1', linkTo: '/etc/passwd' },
    { name: 'link', data: 'behind the link\n' },
    { name: 'loop', type: '2', linkTo: 'loop' },
    { name: 'device', type: '3' },
  ]);
}

/** JSON arrays in each other. */
export function nestedArrays(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

/** A notebook with arrays in each other. */
export function nestedNotebook(depth: number): string {
  return `{"cells": [{"cell_type": "code", "source": "x", "metadata": ${nestedArrays(depth)}}]}`;
}
