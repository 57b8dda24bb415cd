import { createHash } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  data: Buffer | string;
  /** 8, deflated, unless told. */
  method?: number;
  flags?: number;
  /** What the headers say that it unpacks to. */
  claims?: number;
}

/** Makes a zip archive. */
export function makeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, method = 8, flags = 0, claims } of entries) {
    const plain = Buffer.from(data);
    const packed = method === 8 ? deflateRawSync(plain) : plain;
    const label = Buffer.from(name);
    // Versions, flags, method, time, date, checksum (which nobody checks), sizes, lengths of name and extra field.
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claims ?? plain.length, 18);
    fields.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, label, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0'), fields, place, label);
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]);
}

export interface TarEntry {
  name: string;
  data?: Buffer | string;
  /** '0', a file, unless told. */
  type?: string;
  linkTo?: string;
}

/** Makes a tar archive. */
export function makeTar(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap(({ name, data = '', type = '0', linkTo = '' }) => {
    const bytes = Buffer.from(data);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100, 'utf8');
    header.write('0000644\0', 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')} `, 124);
    header.write('        ', 148);
    header.write(type, 156);
    header.write(linkTo, 157, 100, 'utf8');
    header.write('ustar\x0000', 257);
    const sum = header.reduce((a, b) => a + b, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** Makes a PDF file of objects: the source of one, or the dictionary and the data of a stream, which is deflated. */
export function makePdf(objects: readonly (string | readonly [dictionary: string, data: string])[], trailer = '') {
  const parts = objects.map((object, i) => {
    if (typeof object === 'string') return Buffer.from(`${i + 1} 0 obj\n${object}\nendobj\n`, 'latin1');
    const data = deflateSync(Buffer.from(object[1], 'latin1'));
    const head = `${i + 1} 0 obj\n<< ${object[0]} /Filter /FlateDecode /Length ${data.length} >>\nstream\n`;
    return Buffer.concat([Buffer.from(head, 'latin1'), data, Buffer.from('\nendstream\nendobj\n')]);
  });
  const end = `trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n0\n%%EOF\n`;
  return Buffer.concat([Buffer.from('%PDF-1.5\n'), ...parts, Buffer.from(end, 'latin1')]);
}

export interface ImageInput {
  /** The files of each layer. */
  layers: readonly (readonly TarEntry[])[];
  env: readonly string[];
  history: readonly string[];
  /** OCI: whether layers are compressed. */
  packed?: boolean;
}

const digestOf = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

/** Makes an image of containers as `docker save` writes it from version 25 on, and tells its digests. */
export function makeOciImage({ layers, env, history, packed = false }: ImageInput) {
  const tars = layers.map((files) => (packed ? gzipSync(makeTar(files)) : makeTar(files)));
  const config = JSON.stringify({
    architecture: 'amd64',
    config: { Env: env, Cmd: ['/app/run'], Labels: { team: 'shop' } },
    history: history.map((by) => ({ created: '2024-05-06T07:08:09Z', created_by: by })),
    rootfs: { type: 'layers', diff_ids: tars.map((tar) => `sha256:${digestOf(tar)}`) },
  });
  const place = (bytes: Buffer | string) => `blobs/sha256/${digestOf(bytes)}`;
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: { digest: `sha256:${digestOf(config)}` },
    layers: tars.map((tar) => ({ digest: `sha256:${digestOf(tar)}` })),
  });
  const image = makeTar([
    { name: 'blobs/', type: '5' },
    { name: 'blobs/sha256/', type: '5' },
    ...[...tars, config, manifest].map((data) => ({ name: place(data), data })),
    { name: 'index.json', data: JSON.stringify({ manifests: [{ digest: `sha256:${digestOf(manifest)}` }] }) },
    { name: 'manifest.json', data: JSON.stringify([{ Config: place(config), Layers: tars.map(place) }]) },
    { name: 'oci-layout', data: '{"imageLayoutVersion":"1.0.0"}' },
  ]);
  return {
    image,
    layers: tars.map((tar) => digestOf(tar).slice(0, 12)),
    config: digestOf(config).slice(0, 12),
    manifest: digestOf(manifest),
  };
}

/** Makes the same as older versions of docker write it. */
export function makeOldImage({ layers, env, history }: ImageInput) {
  const tars = layers.map((files) => makeTar(files));
  const ids = tars.map((tar) => digestOf(`id of ${digestOf(tar)}`));
  const config = JSON.stringify({ container_config: { Env: env }, history: history.map((by) => ({ created_by: by })) });
  const image = makeTar([
    ...tars.flatMap((data, i) => [
      { name: `${ids[i]}/`, type: '5' },
      { name: `${ids[i]}/VERSION`, data: '1.0' },
      { name: `${ids[i]}/json`, data: JSON.stringify({ id: ids[i], os: 'linux' }) },
      { name: `${ids[i]}/layer.tar`, data },
    ]),
    { name: `${digestOf(config)}.json`, data: config },
    {
      name: 'manifest.json',
      data: JSON.stringify([{ Config: `${digestOf(config)}.json`, Layers: ids.map((id) => `${id}/layer.tar`) }]),
    },
    { name: 'repositories', data: '{"shop":{"latest":"1"}}' },
  ]);
  return { image, layers: ids.map((id) => id.slice(0, 12)), ids, config: digestOf(config).slice(0, 12) };
}

/** Bytes in which instructions of all kinds of processors stand that filters of xz change; the same ones each time. */
export function instructions(length: number): Buffer {
  const parts: number[] = [];
  let seed = 1;
  while (parts.length < length) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    const value = (seed >>> 8) & 0xff;
    const kinds: readonly (readonly number[])[] = [
      [0xe8, value, 1, 0, 0],
      [0xe9, value, 0xff, 0xff, 0xff],
      [0x48, 0, value, 1],
      [value, 1, 0, 0xeb],
      [value, 0xf0, value, 0xf8],
      [0x40, 0, 0, value],
      [value, 0, 0, 0x94],
      [0, value, 0, 0x90],
    ];
    parts.push(...kinds[(seed >>> 16) & 7]!);
    if (value % 3 === 0) while (parts.length % 8 !== 0) parts.push(0xe8);
  }
  return Buffer.from(parts.slice(0, length));
}
