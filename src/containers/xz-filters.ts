import { Refusal } from './limits.ts';

/** Undoes what was done to data before it was packed. Takes the data piece by piece; what it keeps back comes later. */
export interface Filter {
  take(piece: Buffer): Buffer;
  /** What was kept back, when nothing more comes. */
  rest(): Buffer;
}

/** Turns the addresses in `code` back into distances, and returns how many bytes are done. `place` is that of its first. */
type Conversion = (code: Buffer, place: number) => number;

/** The names of filters that are known, but not undone. */
const UNSUPPORTED: Readonly<Record<number, string>> = { 6: 'IA-64', 11: 'RISC-V' };

/** Makes the filter of that number. @throws Refusal when there is none */
export function filterOf(id: number, properties: Buffer): Filter {
  if (id === 3) return delta((properties[0] ?? 0) + 1);
  const make = CONVERSIONS[id];
  if (!make) {
    const name = UNSUPPORTED[id] === undefined ? '' : ` (${UNSUPPORTED[id]})`;
    throw new Refusal(`made with a filter that is not supported${name}`);
  }
  return converted(make(), properties.length >= 4 ? properties.readUInt32LE(0) : 0);
}

/** Each byte is the difference to the one that stands `distance` before it. */
function delta(distance: number): Filter {
  const history = Buffer.alloc(distance);
  let at = 0;
  return {
    take(piece) {
      const out = Buffer.allocUnsafe(piece.length);
      for (let i = 0; i < piece.length; i++) {
        const byte = (piece[i]! + history[at]!) & 255;
        out[i] = byte;
        history[at] = byte;
        at = at + 1 === distance ? 0 : at + 1;
      }
      return out;
    },
    rest: () => Buffer.alloc(0),
  };
}

function converted(convert: Conversion, start: number): Filter {
  let kept: Buffer = Buffer.alloc(0);
  let place = start;
  return {
    take(piece) {
      const code = Buffer.concat([kept, piece]);
      const done = convert(code, place);
      place = (place + done) >>> 0;
      kept = code.subarray(done);
      return code.subarray(0, done);
    },
    rest: () => kept,
  };
}

/** A conversion of instructions of four bytes. `change` gives the new one, or the same. */
function words(order: 'LE' | 'BE', change: (word: number, place: number) => number): () => Conversion {
  return () => (code, place) => {
    let at = 0;
    for (; at + 4 <= code.length; at += 4) {
      const word = order === 'LE' ? code.readUInt32LE(at) : code.readUInt32BE(at);
      const changed = change(word, place + at);
      if (changed === word) continue;
      if (order === 'LE') code.writeUInt32LE(changed >>> 0, at);
      else code.writeUInt32BE(changed >>> 0, at);
    }
    return at;
  };
}

const CONVERSIONS: Readonly<Record<number, () => Conversion>> = {
  4: x86,
  // PowerPC: branch and link.
  5: words('BE', (word, place) =>
    (word & 0xfc000003) >>> 0 === 0x48000001 ? (((word & 0x03fffffc) - place) & 0x03fffffc) | 0x48000001 : word,
  ),
  // ARM: branch with link.
  7: words('LE', (word, place) =>
    word >>> 24 === 0xeb ? 0xeb000000 | ((((word & 0xffffff) * 4 - place - 8) >>> 2) & 0xffffff) : word,
  ),
  8: () => thumb,
  // SPARC: call.
  9: words('BE', (word, place) => {
    if (word >>> 22 !== 0x100 && word >>> 22 !== 0x1ff) return word;
    const target = ((word << 2) - place) >>> 2;
    return (0x40000000 - (target & 0x400000)) | 0x40000000 | (target & 0x3fffff);
  }),
  // ARM64: branch with link, and the address of a page.
  10: words('LE', (word, place) => {
    if (word >>> 26 === 0x25) return 0x94000000 | ((word - (place >>> 2)) & 0x03ffffff);
    if ((word & 0x9f000000) >>> 0 !== 0x90000000) return word;
    const target = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc);
    if ((target + 0x020000) & 0x1c0000) return word;
    const near = target - (place >>> 12);
    const high = (near & 0x020000) === 0 ? 0 : 0xe00000;
    return (word & 0x9000001f) | ((near & 3) << 29) | ((near & 0x03fffc) << 3) | high;
  }),
};

/** ARM Thumb: pairs of half words that are a branch with link. */
function thumb(code: Buffer, place: number): number {
  let at = 0;
  for (; at + 4 <= code.length; at += 2) {
    if ((code[at + 1]! & 0xf8) !== 0xf0 || (code[at + 3]! & 0xf8) !== 0xf8) continue;
    const high = ((code[at + 1]! & 7) << 19) | (code[at]! << 11);
    const target = ((high | ((code[at + 3]! & 7) << 8) | code[at + 2]!) * 2 - (place + at + 4)) >>> 1;
    code[at + 1] = 0xf0 | ((target >>> 19) & 7);
    code[at] = (target >>> 11) & 255;
    code[at + 3] = 0xf8 | ((target >>> 8) & 7);
    code[at + 2] = target & 255;
    at += 2;
  }
  return at;
}

/** Whether the highest byte of an address tells that it is one. */
const isHigh = (byte: number) => byte === 0 || byte === 0xff;
/** By the places of the last few bytes that looked like an instruction: whether another may stand here, and how many bytes overlap. */
const MAY_FOLLOW = [true, true, true, false, true, false, false, false];
const OVERLAP = [0, 1, 2, 2, 3, 3, 3, 3];

/** x86: calls and jumps (E8, E9) with addresses of four bytes. */
function x86(): Conversion {
  let mask = 0;
  return (code, place) => {
    if (code.length <= 4) return 0;
    const end = code.length - 4;
    let last = -1;
    let at = 0;
    for (; at < end; at++) {
      if ((code[at]! & 0xfe) !== 0xe8) continue;
      const gap = at - last;
      last = at;
      mask = gap > 3 ? 0 : (mask << (gap - 1)) & 7;
      if (mask !== 0 && (!MAY_FOLLOW[mask] || isHigh(code[at + 4 - OVERLAP[mask]!]!))) {
        mask = (mask << 1) | 1;
        continue;
      }
      if (!isHigh(code[at + 4]!)) {
        mask = (mask << 1) | 1;
        continue;
      }
      let source = code.readUInt32LE(at + 1);
      let target: number;
      for (;;) {
        target = (source - (place + at + 5)) >>> 0;
        if (mask === 0) break;
        const shift = OVERLAP[mask]! * 8;
        if (!isHigh((target >>> (24 - shift)) & 255)) break;
        source = (target ^ (2 ** (32 - shift) - 1)) >>> 0;
      }
      target &= 0x01ffffff;
      code.writeUInt32LE((target | -(target & 0x01000000)) >>> 0, at + 1);
      at += 4;
    }
    const gap = at - last;
    mask = gap > 3 ? 0 : mask << (gap - 1);
    return at;
  };
}
