/** Reads `length` bytes, fewer only at the end of the input. */
export type ReadBytes = (length: number) => Promise<Buffer>;

/** Reads what is held already. */
export function readerOf(bytes: Buffer): ReadBytes {
  let at = 0;
  return async (length) => {
    const part = bytes.subarray(at, at + length);
    at += part.length;
    return part;
  };
}

/** Reads `head`, which was read to look at it, and then on. */
export function resumedReader(head: Buffer, read: ReadBytes): ReadBytes {
  let rest = head;
  return async (length) => {
    if (rest.length === 0) return read(length);
    const part = rest.subarray(0, length);
    rest = rest.subarray(part.length);
    return part.length === length ? part : Buffer.concat([part, await read(length - part.length)]);
  };
}

/** Pulls lines and counted bytes out of a stream of buffers. */
export interface ByteReader {
  read: ReadBytes;
  /** The next line without its `\n`; undefined at the end. */
  line(): Promise<string | undefined>;
  /** Drops bytes without keeping them; the end of the input ends it. */
  skip(length: number): Promise<void>;
}

/** Makes a reader of a stream; closing the stream stays the caller's. Lines are latin1. */
export function byteReader(stream: AsyncIterator<Buffer | string>): ByteReader {
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const { done, value } = await stream.next();
    if (done) return false;
    rest = typeof value === 'string' ? Buffer.from(value) : value;
    return true;
  }

  async function read(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0 && (rest.length > 0 || (await more()))) {
      const part = rest.subarray(0, missing);
      rest = rest.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  return {
    read,
    async line() {
      let text = '';
      for (;;) {
        if (rest.length === 0 && !(await more())) return text === '' ? undefined : text;
        const end = rest.indexOf(10);
        text += rest.toString('latin1', 0, end < 0 ? rest.length : end);
        rest = end < 0 ? Buffer.alloc(0) : rest.subarray(end + 1);
        if (end >= 0) return text;
      }
    },
    async skip(length) {
      let missing = length;
      while (missing > 0 && (rest.length > 0 || (await more()))) {
        const part = Math.min(missing, rest.length);
        rest = rest.subarray(part);
        missing -= part;
      }
    },
  };
}

/** The lines of a stream of bytes (latin1, without `\n`). */
export async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  for await (const lines of lineGroups(stream)) yield* lines;
}

/** The same, as many at a time as came together: where there are many, waiting for each takes longer than reading it. */
export async function* lineGroups(stream: AsyncIterable<Buffer>): AsyncGenerator<string[], void> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop()!;
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [rest];
}
