import { parentPort, workerData } from 'node:worker_threads';
import type { TextChunk } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { tuneV8 } from '../util/tune-v8.ts';
import { createInspector, type Inspected, type InspectOptions } from './index.ts';

/** What the pool sends, some of them in a message: a text and the number under which the answer is expected. */
export interface Task {
  id: number;
  chunk: TextChunk;
}

/** What comes of a text. */
export interface Answer {
  id: number;
  result?: Inspected;
  error?: { message: string; hint?: string | undefined; stack?: string | undefined; isUserError: boolean };
}

/** What comes back for a message. */
export interface Answers {
  answers: Answer[];
  notes: string[];
  device: 'cpu' | 'cuda' | undefined;
}

// V8 forgets it when a thread starts.
tuneV8();
const inspector = createInspector(workerData as InspectOptions);
send([]);
let last: Promise<void> = Promise.resolve();

// One text after the other: two at once would only take twice the memory.
parentPort!.on('message', (tasks: Task[]) => {
  last = last.then(() => answer(tasks));
});

async function answer(tasks: Task[]): Promise<void> {
  const answers: Answer[] = [];
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    const outcome = await inspector.inspect(task.chunk).then(
      (result) => ({ result }),
      (error: Error) => ({ error: describe(error) }),
    );
    answers.push({ id: task.id, ...outcome });
  }
  send(answers);
}

/** Without answers: it is ready for the first text. */
function send(answers: Answer[]): void {
  const message: Answers = { answers, notes: inspector.notes(), device: inspector.device() };
  parentPort!.postMessage(message);
}

function describe(error: Error): NonNullable<Answer['error']> {
  const { message, stack } = error;
  return error instanceof UserError
    ? { message, hint: error.hint, isUserError: true }
    : { message, stack, isUserError: false };
}
