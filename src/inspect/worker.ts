import { parentPort, workerData } from 'node:worker_threads';
import type { TextChunk } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { createInspector, type Inspected, type InspectOptions } from './index.ts';

/** What the pool sends: a text and the number under which the answer is expected. */
export interface Task {
  id: number;
  chunk: TextChunk;
}

/** What comes back. */
export interface Answer {
  id: number;
  result?: Inspected;
  error?: { message: string; hint?: string | undefined; stack?: string | undefined; isUserError: boolean };
  notes: string[];
  device: 'cpu' | 'cuda' | undefined;
}

const inspector = createInspector(workerData as InspectOptions);
let last: Promise<void> = Promise.resolve();

// One text after the other: two at once would only take twice the memory.
parentPort!.on('message', (task: Task) => {
  last = last.then(() => answer(task));
});

async function answer({ id, chunk }: Task): Promise<void> {
  const outcome = await inspector.inspect(chunk).then(
    (result) => ({ result }),
    (error: Error) => ({ error: describe(error) }),
  );
  const done: Answer = { id, ...outcome, notes: inspector.notes(), device: inspector.device() };
  parentPort!.postMessage(done);
}

function describe(error: Error): NonNullable<Answer['error']> {
  const { message, stack } = error;
  return error instanceof UserError
    ? { message, hint: error.hint, isUserError: true }
    : { message, stack, isUserError: false };
}
