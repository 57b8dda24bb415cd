import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Skipped, SourceItem, TextChunk } from '../types.ts';
import { createInspector, type Inspected, type InspectOptions, type Inspector } from './index.ts';
import type { Pool } from './pool.ts';

/** Threads are worth their start from so many UTF-16 code units of text on. */
const WORTH_THREADS = 4_000_000;
/** A thread that has so much text to do gets no more: this one takes the next text itself. */
const ENOUGH = 2_000_000;
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
  work: Promise<Inspected> | undefined;
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
      const { item, work } = waiting.shift()!;
      return work ? { item, inspected: await work } : { item };
    };
    try {
      for await (const item of items) {
        if ('chunk' in item) seen += item.chunk.text.length;
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
    if (!('chunk' in given)) return { item: given, work: undefined, isDone: true };
    const { chunk } = given;
    const { origin, path, bytes } = chunk;
    const item = { chunk: { origin, path, bytes } };
    const { length } = chunk.text;
    const load = pool?.load() ?? 0;
    // With less to do than this text takes, a thread would run out of work before this one comes back to hand it more.
    if (pool && (load < length || load + length <= ENOUGH)) {
      const waiting: Waiting = { item, work: pool.inspect(chunk, signal), isDone: false };
      const done = () => {
        waiting.isDone = true;
      };
      // A failure until its turn comes is not lost: it is awaited then.
      waiting.work!.then(done, done);
      return waiting;
    }
    pool?.flush();
    own ??= createInspector(options);
    const work = own.inspect(chunk, signal).then(detached);
    await work.catch(() => undefined);
    // What the other threads have done is heard, so that they get more to do.
    if (pool) await setImmediate();
    return { item, work, isDone: true };
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
