import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { TextChunk } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { packageFolder } from '../util/package-folder.ts';
import { TextHash } from '../util/text-hash.ts';
import { version } from '../util/version.ts';
import type { Inspected, InspectOptions, Inspector } from './index.ts';
import { workIn } from './work.ts';
import type { Answer, Answers, Task } from './worker.ts';

/** An inspector with threads of its own. */
export interface Pool extends Inspector {
  /** Whether a text is better given to one of the threads than searched by the one that asks. */
  takes(chunk: TextChunk): boolean;
  /** Hands on what waits for more to come with it: before this thread is busy for a while. */
  flush(): void;
  /** Ends the threads; what they were at is lost. */
  close(): Promise<void>;
}

/** A thread that has so much work (see `workIn`) gets no more. */
const ENOUGH = 2_000_000;
/** It is slow at first, and gets no more than this and as much as it has done: nobody should have to wait for it at the end. */
const AT_FIRST = 65_536;

/** Texts are handed over together until they have so many UTF-16 code units: a message costs as much as a small text. */
const ENOUGH_FOR_MESSAGE = 65_536;

/** Room for what a thread makes and forgets at once: as much as V8 starts with, a tenth of what it would take. */
const YOUNG_MEGABYTES = 6;

interface Thread {
  worker: Worker;
  /** Texts that it will be handed with the next message, and their UTF-16 code units. */
  box: Task[];
  boxed: number;
  /** It has loaded what it needs. */
  isReady: boolean;
  /** Work that it has been given and not answered. */
  load: number;
  /** Work that it has answered. */
  done: number;
  tasks: Map<number, { work: number; resolve(result: Inspected): void; reject(reason: unknown): void }>;
  /** Why no answer comes from it any more. */
  failure: { reason: unknown } | undefined;
  notes: string[];
  device: 'cpu' | 'cuda' | undefined;
}

/**
 * Starts `threads` threads, each with rules and model of its own; a text goes to the one that has the least to do.
 * @param input.file the bundle of `worker.ts`: the one that was built unless told
 * @returns undefined where the program was not built: the sources of a thread cannot be run as they are
 */
export function createPool(input: InspectOptions & { threads: number; file?: string }): Pool | undefined {
  const { threads: size, file = workerFile(), ...options } = input;
  if (file === undefined) return undefined;
  const threads = Array.from({ length: size }, () => startThread(file, options));
  let asked = 0;
  let heard: AbortSignal | undefined;
  let isPlanned = false;
  const flush = () => {
    isPlanned = false;
    threads.forEach(post);
  };
  /** The one that is given the next text. One that has failed fails all: a scan without one of its threads is no whole scan. */
  const next = (chunk: TextChunk) => {
    const failed = threads.find(({ failure }) => failure);
    if (failed) return failed;
    const ready = threads.filter(({ isReady }) => isReady);
    const least = (ready.length > 0 ? ready : threads).reduce((best, one) => (one.load < best.load ? one : best));
    const home = threads[homeOf(chunk) - 1];
    return least.load > 0 && home?.isReady && hasRoom(home, workIn(chunk)) ? home : least;
  };
  /** The number of the thread that searches the text sooner than others, as it knows other versions of it; 0: the one that asks. */
  const homeOf = ({ origin, logicalPath }: TextChunk) =>
    origin.kind === 'history' ? placeOf(logicalPath, threads.length + 1) : threads.length;
  return {
    flush,
    takes(chunk) {
      const thread = next(chunk);
      if (thread.failure || !thread.isReady) return thread.failure !== undefined;
      const work = workIn(chunk);
      // With less to do than this text takes, it would run out of work before anybody comes back to hand it more.
      return thread.load < work || (homeOf(chunk) > 0 && hasRoom(thread, work));
    },
    inspect(chunk, signal) {
      if (signal && signal !== heard) {
        heard = signal;
        const stop = () => threads.forEach((one) => void fail(one, signal.reason));
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      }
      const thread = next(chunk);
      if (thread.failure) return Promise.reject(thread.failure.reason);
      const task: Task = { id: asked++, chunk };
      const work = workIn(chunk);
      return new Promise<Inspected>((resolve, reject) => {
        thread.load += work;
        thread.tasks.set(task.id, { work, resolve, reject });
        thread.box.push(task);
        thread.boxed += chunk.text.length;
        if (thread.boxed >= ENOUGH_FOR_MESSAGE) post(thread);
        else if (!isPlanned) {
          isPlanned = true;
          setImmediate(flush);
        }
      });
    },
    notes: () => [...new Set(threads.flatMap(({ notes }) => notes))],
    device: () => threads.find(({ device }) => device !== undefined)?.device,
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

function hasRoom({ load, done }: Thread, work: number): boolean {
  return load + work <= Math.min(ENOUGH, AT_FIRST + done);
}

/** A number below `places`, the same for the same text. */
function placeOf(text: string, places: number): number {
  return (new TextHash().text(text).first >>> 0) % places;
}

function startThread(file: string, options: InspectOptions): Thread {
  const worker = new Worker(file, {
    workerData: options,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });
  const thread: Thread = {
    worker,
    box: [],
    boxed: 0,
    isReady: false,
    load: 0,
    done: 0,
    tasks: new Map(),
    failure: undefined,
    notes: [],
    device: undefined,
  };
  worker.on('message', ({ answers, notes, device }: Answers) => {
    thread.isReady = true;
    thread.notes = notes;
    thread.device = device;
    for (const { id, result, error } of answers) {
      const task = thread.tasks.get(id);
      if (!task) continue;
      thread.tasks.delete(id);
      thread.load -= task.work;
      thread.done += task.work;
      if (result) task.resolve(result);
      else task.reject(asError(error!));
    }
  });
  worker.on('error', (error) => fail(thread, error));
  worker.on('exit', (code) => fail(thread, new Error(`a thread of the scanner ended with ${code}`)));
  return thread;
}

/** Hands over what is in the box. */
function post(thread: Thread): void {
  if (thread.box.length === 0) return;
  thread.worker.postMessage(thread.box);
  thread.box = [];
  thread.boxed = 0;
}

/** No answer comes any more. */
function fail(thread: Thread, reason: unknown): void {
  thread.failure ??= { reason };
  for (const task of thread.tasks.values()) task.reject(reason);
  thread.tasks.clear();
}

function asError({ message, hint, stack, isUserError }: NonNullable<Answer['error']>): Error {
  if (isUserError) return new UserError(message, hint === undefined ? {} : { hint });
  return Object.assign(new Error(message), { stack });
}

/** The bundle of `worker.ts`. The sources may be another version than what was built of them last. */
function workerFile(): string | undefined {
  return version === 'source' ? undefined : join(packageFolder(), 'dist', 'worker.js');
}
