import { Readable } from 'node:stream';
import { byteReader, type ReadBytes } from '../util/byte-reader.ts';
import { type Budget, bomb, mostUnpacked, Refusal, type UnpackedStream } from './limits.ts';
import type { Compression } from './sniff.ts';

/** How much compressed data is taken at a time. */
const STEP = 65_536;
/** zstd data can unpack to thirty thousand times its size: small steps keep what one of them makes small. */
const SMALL_STEP = 4096;

/** How something can be packed; the last two only inside zip archives. */
export type Packing = Compression | 'lzma' | 'deflate64';

interface Packed {
  compression: Packing;
  read: ReadBytes;
  budget: Budget;
  /** What LZMA unpacks to, where it has no end mark. */
  size?: number | undefined;
}

/** Opens a compressed stream. Damage and bombs end it; reading throws only when the bound for the whole file is reached. */
export function unpackedStream(packed: Packed): UnpackedStream {
  let problem: string | undefined;
  async function* tolerant(): AsyncGenerator<Buffer, void> {
    try {
      yield* unpack(packed);
    } catch (error) {
      if (!(error instanceof Refusal) || error.everything) throw error;
      problem = error.message;
    }
  }
  const stream = tolerant();
  const { read } = byteReader(stream);
  return { read, problem: () => problem, close: async () => void (await stream.return()) };
}

/** Unpacks a compressed stream, counting what comes out. */
async function* unpack({ compression, read, budget, size }: Packed): AsyncGenerator<Buffer, void> {
  let taken = 0;
  let given = 0;
  const input = async (length: number) => {
    const bytes = await read(length);
    taken += bytes.length;
    return bytes;
  };
  const count = (bytes: number) => {
    given += bytes;
    if (given > mostUnpacked(taken)) throw bomb();
    budget.unpack(bytes);
  };
  if (compression === 'zstd') return yield* unzstd(input, count);
  for await (const bytes of compression === 'gzip' ? gunzip(input) : wholeInput({ compression, input, budget, size })) {
    count(bytes.length);
    yield bytes;
  }
}

async function* gunzip(read: ReadBytes): AsyncGenerator<Buffer, void> {
  const { createGunzip } = await import('node:zlib');
  const stream = createGunzip();
  const source = Readable.from(steps(read), { objectMode: false, highWaterMark: STEP });
  source.on('error', (error) => stream.destroy(error));
  source.pipe(stream);
  try {
    for await (const bytes of stream) yield bytes as Buffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw new Refusal(damage(error as Error));
    throw error;
  } finally {
    source.destroy();
    stream.destroy();
  }
}

function damage(error: Error): string {
  return /end of file/.test(error.message)
    ? 'cut off: only its start was looked at'
    : 'damaged: only what comes before the damage was looked at';
}

async function* steps(read: ReadBytes): AsyncGenerator<Buffer, void> {
  for (let bytes = await read(STEP); bytes.length > 0; bytes = await read(STEP)) yield bytes;
}

/** Formats of which the compressed data is held as a whole; it is unpacked block by block. */
async function* wholeInput(call: {
  compression: Exclude<Packing, 'gzip' | 'zstd'>;
  input: ReadBytes;
  budget: Budget;
  size: number | undefined;
}): AsyncGenerator<Buffer, void> {
  const { compression, input, budget, size } = call;
  const room = budget.room;
  const bytes = await input(room + 1);
  if (bytes.length > room) throw new Refusal('too large to be held in memory');
  budget.hold(bytes.length);
  try {
    yield* await piecesOf({ compression, bytes, size });
  } finally {
    budget.hold(-bytes.length);
  }
}

async function piecesOf(packed: {
  compression: Exclude<Packing, 'gzip' | 'zstd'>;
  bytes: Buffer;
  size: number | undefined;
}): Promise<Generator<Buffer, void>> {
  const { compression, bytes, size } = packed;
  switch (compression) {
    case 'xz':
      return (await import('./xz.ts')).unxz(bytes);
    case 'bzip2':
      return (await import('./bzip2.ts')).bunzip2(bytes);
    case 'lzma':
      return (await import('./zip-lzma.ts')).unlzma(bytes, size);
    case 'deflate64':
      return (await import('./deflate64.ts')).inflate64(bytes);
  }
}

async function* unzstd(read: ReadBytes, count: (bytes: number) => void): AsyncGenerator<Buffer, void> {
  const { Decompress } = await import('fzstd');
  let made: Buffer[] = [];
  const decompressor = new Decompress((bytes) => {
    count(bytes.length);
    // The decompressor goes on writing into what it has given.
    made.push(Buffer.from(bytes));
  });
  for (let last = false; !last; ) {
    const bytes = await read(SMALL_STEP);
    last = bytes.length < SMALL_STEP;
    let failure: unknown;
    try {
      decompressor.push(bytes, last);
    } catch (error) {
      failure = error;
    }
    // What came before the failure counts.
    yield* made;
    made = [];
    if (failure instanceof Refusal) throw failure;
    if (failure !== undefined) throw new Refusal(zstdDamage(failure));
  }
}

function zstdDamage(error: unknown): string {
  const { code } = error as { code?: number };
  if (code === 1) return 'needs more memory to be unpacked than is given to it';
  return damage(new Error(code === 5 ? 'end of file' : ''));
}
