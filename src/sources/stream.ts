import type { ScanSource, SourceItem } from '../types.ts';
import { byteReader } from '../util/byte-reader.ts';
import type { ReadLimits } from '../util/read-limits.ts';
import { itemsOfStream } from './items.ts';

/**
 * One stream of text, such as standard input. `filename` is what it is called (and what path rules see); beyond
 * `maxFileSize` bytes it is not read, which is reported.
 */
export function createStreamSource(
  source: ReadLimits & {
    filename?: string | undefined;
    input: AsyncIterable<Buffer | string>;
  },
): ScanSource {
  const { filename, maxFileSize, maxDepth, input } = source;
  const path = filename ?? '<stdin>';
  return {
    description: filename === undefined ? 'standard input' : `standard input as ${filename}`,
    async *items(signal?: AbortSignal): AsyncGenerator<SourceItem, void> {
      signal?.throwIfAborted();
      const stream = input[Symbol.asyncIterator]();
      const reader = byteReader(stream);
      let left = maxFileSize > 0 ? maxFileSize : Number.POSITIVE_INFINITY;
      const read = async (length: number) => {
        const bytes = await abortable(reader.read(Math.min(length, left)), signal);
        left -= bytes.length;
        return bytes;
      };
      try {
        const source = { origin: { kind: 'stdin' as const }, path, logicalPath: filename ?? 'stdin' };
        yield* itemsOfStream(source, { read, limits: { maxFileSize, maxDepth } });
        if (left === 0 && (await abortable(reader.read(1), signal)).length > 0) {
          const reason = `only its first ${maxFileSize} bytes were scanned (the limit for files)`;
          yield { skipped: { path, reason, kind: 'policy' } };
        }
      } finally {
        // Not awaited: a stream that is still waiting for input answers only when some comes.
        void stream.return?.();
      }
    },
  };
}

/** Rejects with the signal's reason as soon as it fires: nobody may ever type the rest of the input. */
function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  return new Promise((done, fail) => {
    const stop = () => fail(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(done, fail).finally(() => signal.removeEventListener('abort', stop));
  });
}
