import { availableParallelism } from 'node:os';
import type { SourceItem, TextChunk } from '../types.ts';
import { createInspector, type Inspected, type InspectOptions, type Inspector } from './index.ts';
import type { Pool } from './pool.ts';

/** Threads are worth their start from so many UTF-16 code units of text on. */
const WORTH_THREADS = 4_000_000;
/** So much text is given to a thread before this one takes the next text itself. */
const ENOUGH = 2_000_000;
/** So much text may wait for its turn, in UTF-16 code units and in texts. */
const MOST_WAITING = 16_000_000;
const MOST_TEXTS = 256;
/** More threads than this do not read faster. */
const MOST_THREADS = 8;

/** An item of a source with what came of it. */
export type InspectedItem = { item: SourceItem; inspected?: Inspected };

/** Inspects the items of a source, and gives them in their order, on as many threads as are worth it. */
export interface OrderedInspector extends Pick<Inspector, 'notes' | 'device'> {
  /** Ends early when `signal` stops it. @throws what the source throws, and {@link Inspector.inspect} */
  each(items: AsyncIterable<SourceItem>, signal?: AbortSignal): AsyncGenerator<InspectedItem, void>;
}

/** @param input.threads at most; as many as there are processors (8 at most) unless told */
export function inspectInOrder(input: InspectOptions & { threads?: number | undefined }): OrderedInspector {
  const { threads = Math.min(MOST_THREADS, availableParallelism()), ...options } = input;
  // Made for the first text: where all are known to be clean, no rules are loaded.
  let own: Inspector | undefined;
  let pool: Pool | undefined;

  async function* each(items: AsyncIterable<SourceItem>, signal?: AbortSignal) {
    const waiting: { item: SourceItem; size: number; work: Promise<Inspected> | undefined }[] = [];
    let seen = 0;
    let size = 0;
    const first = async (): Promise<InspectedItem> => {
      const { item, size: length, work } = waiting.shift()!;
      size -= length;
      return work ? { item, inspected: await work } : { item };
    };
    try {
      for await (const item of items) {
        const length = 'chunk' in item ? item.chunk.text.length : 0;
        seen += length;
        // This thread is one of them: it inspects what the others have no time for.
        if (threads > 1 && !pool && seen > WORTH_THREADS) pool = await startPool({ ...options, threads: threads - 1 });
        const work = 'chunk' in item ? start(item.chunk, signal) : undefined;
        waiting.push({ item, size: length, work });
        size += length;
        while (waiting.length > 0 && (!pool || size > MOST_WAITING || waiting.length > MOST_TEXTS)) yield await first();
      }
      while (waiting.length > 0) yield await first();
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      await pool?.close();
    }
  }

  function start(chunk: TextChunk, signal: AbortSignal | undefined): Promise<Inspected> {
    const inspector = pool && pool.load() < ENOUGH ? pool : (own ??= createInspector(options));
    const work = inspector.inspect(chunk, signal);
    // It is awaited when its turn comes: a failure until then is not lost.
    work.catch(() => undefined);
    return work;
  }

  return {
    each,
    notes: () => [...new Set([...(own?.notes() ?? []), ...(pool?.notes() ?? [])])],
    device: () => own?.device() ?? pool?.device(),
  };
}

async function startPool(options: InspectOptions & { threads: number }): Promise<Pool | undefined> {
  const { createPool } = await import('./pool.ts');
  return createPool(options);
}
