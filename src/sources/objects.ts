import type { Reading, ReadMemory, SourceItem } from '../types.ts';
import { type ByteReader, byteReader } from '../util/byte-reader.ts';
import { streamGit } from '../util/git-process.ts';
import type { ReadLimits } from '../util/read-limits.ts';
import { type ChunkSource, PIECE_BYTES, tooLarge, wholeChunk } from './chunks.ts';
import { itemsOfStream, itemsOfWhole } from './items.ts';
import { messageBytes } from './message.ts';

/** An object to read, and where its text is from. */
export interface ObjectRequest {
  oid: string;
  source: ChunkSource;
  reading?: Reading;
}

/** What is asked for: objects one by one, or some at a time. */
type Requests = Iterable<ObjectRequest> | AsyncIterable<ObjectRequest | readonly ObjectRequest[]>;

/**
 * Reads objects with one `git cat-file --batch`, in the order asked for, and yields their chunks: blobs as they are, of
 * commits and tags the message. Requests are pulled as fast as git takes them, so neither they nor the contents pile
 * up. Without requests no process is started, and what `memory` knows to be clean is not asked for.
 */
export async function* readObjects(call: {
  cwd: string;
  requests: Requests;
  limits: ReadLimits;
  memory?: ReadMemory | undefined;
  signal?: AbortSignal | undefined;
}): AsyncGenerator<SourceItem, void> {
  const { cwd, requests, limits, memory, signal } = call;
  const asked: ObjectRequest[] = [];
  const names = objectNames({ requests, memory, asked });
  const first = await names.next();
  if (first.done) return;
  // Few requests are one text, and a hook that has few starts without the machinery of streams.
  const second = await names.next();
  const input = second.done ? first.value : resumed([first.value, second.value], names);
  const stream = streamGit({ cwd, args: ['cat-file', '--batch', '--buffer'], signal, input });
  const reader = byteReader(stream);
  let answered = 0;
  try {
    for (let header = await reader.line(); header !== undefined; header = await reader.line()) {
      const request = asked[answered++]!;
      const items = readObject({ header, request, reader, limits });
      yield* request.reading?.follow(items) ?? items;
      // Dropped in bulk: one by one would cost as much as reading them.
      if (answered === 4096) {
        asked.splice(0, answered);
        answered = 0;
      }
    }
    if (answered !== asked.length) throw new Error('git cat-file answered fewer objects than it was asked for');
  } finally {
    await stream.return();
    await names.return();
  }
}

/** Characters of requests handed to git at a time. */
const BATCH = 8192;

async function* objectNames(input: {
  requests: Requests;
  memory: ReadMemory | undefined;
  asked: ObjectRequest[];
}): AsyncGenerator<string, void> {
  const { requests, memory, asked } = input;
  let batch = '';
  for await (const some of requests) {
    for (const request of 'oid' in some ? [some] : some) {
      const reading = memory?.object(request);
      if (memory && !reading) continue;
      asked.push(reading ? { ...request, reading } : request);
      batch += `${request.oid}\n`;
      if (batch.length < BATCH) continue;
      yield batch;
      batch = '';
    }
  }
  if (batch !== '') yield batch;
}

async function* resumed<T>(taken: T[], rest: AsyncIterable<T>): AsyncGenerator<T, void> {
  yield* taken;
  yield* rest;
}

async function* readObject(input: {
  header: string;
  request: ObjectRequest;
  reader: ByteReader;
  limits: ReadLimits;
}): AsyncGenerator<SourceItem, void> {
  const { header, request, reader, limits } = input;
  const { path } = request.source;
  const [oid, type = '', count = ''] = header.split(' ');
  if (oid !== request.oid) throw new Error('git cat-file answered out of order');
  if (!/^\d+$/.test(count)) {
    yield { skipped: { path, reason: `the object ${oid} is not here (partial clone, or damaged)`, kind: 'error' } };
    return;
  }
  const size = Number(count);
  const reason = type === 'blob' ? tooLarge(size, limits.maxFileSize) : undefined;
  if (reason) {
    yield { skipped: { path, reason, kind: 'policy' } };
    await reader.skip(size);
  } else if (size <= PIECE_BYTES) {
    const bytes = await reader.read(size);
    if (bytes.length < size) throw new Error('git cat-file ended in the middle of an object');
    if (type === 'blob') yield* itemsOfWhole(request.source, bytes, limits);
    else yield { chunk: wholeChunk(request.source, messageBytes(bytes)) };
  } else {
    let left = size;
    const read = async (length: number) => {
      const bytes = await reader.read(Math.min(length, left));
      left -= bytes.length;
      return bytes;
    };
    yield* itemsOfStream(request.source, { read, size, limits });
    if (left > 0) throw new Error('git cat-file ended in the middle of an object');
  }
  await reader.skip(1);
}
