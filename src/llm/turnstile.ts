/** Lets so many tasks run at once, in the order in which they came. */
export function turnstile(most: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else running--;
  };
  return async function enter<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    // Who waits is given the place of the one that leaves.
    if (running >= most) await new Promise<void>((go) => void waiting.push(go));
    else running++;
    try {
      signal?.throwIfAborted();
      return await task();
    } finally {
      leave();
    }
  };
}
