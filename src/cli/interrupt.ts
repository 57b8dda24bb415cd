/** Exit code of a process that was told twice to stop, as shells give it for SIGINT. */
const KILLED = 130;

/**
 * Runs a task that can be stopped: the first Ctrl-C (or SIGTERM) aborts its signal, so that it can end in an orderly
 * way with what it has; the second one ends the process.
 */
export async function interruptible<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(KILLED);
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, stop);
  try {
    return await task(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
