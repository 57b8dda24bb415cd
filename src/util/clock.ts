/** Milliseconds since some fixed moment. What `performance.now()` needs takes an eighth of a start of Node to load. */
export function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
