/** What `make` makes, made at the first call. A promise that fails stays failed; what is thrown at once is tried again. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
