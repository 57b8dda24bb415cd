import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Skipped, SourceItem, TextChunk } from '../types.ts';
import { createInspector, type Inspected, type InspectOptions, type Inspector } from './index.ts';
import type { Pool } from './pool.ts';
import { workIn } from './work.ts';

/** Threads are worth their start from so much work (see `workIn`) on. */
const WORTH_THREADS = 4_000_000;
/** So many items may wait for their turn. Those that a thread has been given wait without their text. */
const MOST_WAITING = 4096;
/** More threads than this do not read faster. */
const MOST_THREADS = 8;

/** What is left of an item when its text has been inspected. */
type Remains = { chunk: Pick<TextChunk, 'origin' | 'path' | 'bytes'> } | { skipped: Skipped };

/** An item of a source with what came of it. */
export type InspectedItem = { item: Remains; inspected?: Inspected };

/** Inspects the items of a source, and gives them in their order, on as many threads as are worth it. */
export interface OrderedInspector extends Pick<Inspector, 'notes' | 'device'> {
  /** Ends early when `signal` stops it. @throws what the source throws, and {@link Inspector.inspect} */
  each(items: AsyncIterable<SourceItem>, signal?: AbortSignal): AsyncGenerator<InspectedItem, void>;
}

/** An item that waits for its turn. */
interface Waiting {
  item: Remains;
  answer: Promise<Inspected> | undefined;
  isDone: boolean;
}

/** @param input.threads at most; as many as there are processors (8 at most) unless told */
export function inspectInOrder(input: InspectOptions & { threads?: number | undefined }): OrderedInspector {
  const { threads = Math.min(MOST_THREADS, availableParallelism()), ...options } = input;
  // Made for the first text: where all are known to be clean, no rules are loaded.
  let own: Inspector | undefined;
  let pool: Pool | undefined;

  async function* each(items: AsyncIterable<SourceItem>, signal?: AbortSignal) {
    const waiting: Waiting[] = [];
    let seen = 0;
    const first = async (): Promise<InspectedItem> => {
      const { item, answer } = waiting.shift()!;
      return answer ? { item, inspected: await answer } : { item };
    };
    try {
      for await (const item of items) {
        if ('chunk' in item) seen += workIn(item.chunk);
        waiting.push(await start(item, signal));
        // This thread is one of them: it inspects what the others have no time for.
        if (threads > 1 && !pool && seen > WORTH_THREADS) pool = await startPool({ ...options, threads: threads - 1 });
        while (waiting.length > 0 && (waiting[0]!.isDone || waiting.length > MOST_WAITING)) yield await first();
      }
      pool?.flush();
      while (waiting.length > 0) yield await first();
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      await pool?.close();
    }
  }

  /** Gives a text to another thread, or inspects it here: then it is done when this returns. */
  async function start(given: SourceItem, signal: AbortSignal | undefined): Promise<Waiting> {
    if (!('chunk' in given)) return { item: given, answer: undefined, isDone: true };
    const { chunk } = given;
    const { origin, path, bytes } = chunk;
    const item = { chunk: { origin, path, bytes } };
    if (pool?.takes(chunk)) {
      const waiting: Waiting = { item, answer: pool.inspect(chunk, signal), isDone: false };
      const done = () => {
        waiting.isDone = true;
      };
      // A failure until its turn comes is not lost: it is awaited then.
      waiting.answer!.then(done, done);
      return waiting;
    }
    pool?.flush();
    own ??= createInspector(options);
    const answer = own.inspect(chunk, signal).then(detached);
    await answer.catch(() => undefined);
    // What the other threads have done is heard, so that they get more to do.
    if (pool) await setImmediate();
    return { item, answer, isDone: true };
  }

  return {
    each,
    notes: () => [...new Set([...(own?.notes() ?? []), ...(pool?.notes() ?? [])])],
    device: () => own?.device() ?? pool?.device(),
  };
}

/** What was found, free of the text: a part of a string keeps all of it in memory. */
function detached(inspected: Inspected): Inspected {
  return inspected.found.length === 0 && !inspected.unsettled ? inspected : structuredClone(inspected);
}

async function startPool(options: InspectOptions & { threads: number }): Promise<Pool | undefined> {
  const { createPool } = await import('./pool.ts');
  return createPool(options);
}
