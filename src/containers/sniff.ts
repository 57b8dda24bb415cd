/** What can be opened, and what is only known by name. */
export type ContainerKind = Opened | Compression | 'notebook' | Unsupported;
type Opened = 'zip' | 'tar' | 'sqlite' | 'pdf' | 'bundle';
/** A compressed stream with one thing in it. */
export type Compression = 'gzip' | 'bzip2' | 'xz' | 'zstd';
type Unsupported = '7z' | 'rar';

/** How many bytes of the start `containerKind` looks at. */
export const HEAD_BYTES = 512;

const ANY = -1;
const ascii = (text: string) => [...Buffer.from(text, 'latin1')];
/** First bytes: so many that no text starts like this by chance. */
const SIGNATURES: readonly (readonly [kind: ContainerKind, bytes: readonly number[]])[] = [
  ['zip', ascii('PK\x03\x04')],
  ['zip', ascii('PK\x05\x06')],
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['bzip2', [...ascii('BZh'), ANY, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]],
  ['xz', ascii('\xfd7zXZ\0')],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['sqlite', ascii('SQLite format 3\0')],
  ['pdf', ascii('%PDF-')],
  ['bundle', ascii('# v2 git bundle\n')],
  ['bundle', ascii('# v3 git bundle\n')],
  ['7z', ascii("7z\xbc\xaf'\x1c")],
  ['rar', ascii('Rar!\x1a\x07')],
];
/** Bytes that a signature starts with: all that is looked at of most files. */
const FIRST = new Set(SIGNATURES.map(([, bytes]) => bytes[0]!));
const TAR_MAGIC = Buffer.from('ustar');
const TAR_MAGIC_AT = 257;

/** The kind of container that starts with `head`, or undefined; notebooks are text, so that their name has to tell. */
export function containerKind(head: Buffer, path: string): ContainerKind | undefined {
  const first = head[0];
  if (first === undefined) return undefined;
  if (FIRST.has(first)) {
    const found = SIGNATURES.find(([, bytes]) => bytes.every((byte, i) => byte === ANY || byte === head[i]));
    if (found) return found[0];
  }
  if (head[TAR_MAGIC_AT] === TAR_MAGIC[0] && TAR_MAGIC.equals(head.subarray(TAR_MAGIC_AT, TAR_MAGIC_AT + 5))) {
    return 'tar';
  }
  if (/\.ipynb$/i.test(path) && /^(?:\xef\xbb\xbf)?\s*\{/.test(head.toString('latin1', 0, 64))) return 'notebook';
  return undefined;
}

/** Whether a container of this kind is one compressed stream. */
export function isCompression(kind: ContainerKind): kind is Compression {
  return kind === 'gzip' || kind === 'bzip2' || kind === 'xz' || kind === 'zstd';
}

/** Layers and configurations in a tar archive of an image of containers: those of OCI and of `docker save`, new and old. */
const IMAGE_PART =
  /^(?:\.\/)?(?:blobs\/sha256\/([0-9a-f]{12})[0-9a-f]{52}|([0-9a-f]{12})[0-9a-f]{52}(?:\.json|\/json|\/layer\.tar))$/;

/** Whether a path is that of a part of an image: the digits that tools show of its digest. */
export function imagePart(path: string): string | undefined {
  const match = IMAGE_PART.exec(path);
  return match?.[1] ?? match?.[2];
}
