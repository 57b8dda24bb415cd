import { plain } from '../findings/redact.ts';
import { UserError } from '../util/errors.ts';

/**
 * Writes to standard output and waits until the text is gone. A reader that went away (`sss scan | head`) is no error.
 * @throws UserError when the text could not be written: disk full, and the like.
 */
export function print(text: string): Promise<void> {
  return text === '' ? Promise.resolve() : write(process.stdout, text);
}

/** Writes to standard error, where everything goes that is not the result of a command. */
export function note(text: string): Promise<void> {
  return text === '' ? Promise.resolve() : write(process.stderr, text);
}

/** Writes warnings to standard error, a line each. */
export function warn(texts: readonly string[]): Promise<void> {
  return note(printable(texts.map((text) => `warning: ${text}\n`).join('')));
}

/** For what writes to the streams itself, and not by {@link print} or {@link note}. */
export function tolerateClosedStreams(): void {
  for (const stream of [process.stdout, process.stderr]) tolerateErrors(stream);
}

/** A stream emits an error besides handing it to the callback of `write`; without a listener that ends the process. */
function tolerateErrors(stream: NodeJS.WriteStream): void {
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
}

/** Text that a terminal takes as text, line ends kept: messages may quote file names with escape sequences in them. */
export function printable(text: string): string {
  return text.split('\n').map(plain).join('\n');
}

/** Whether colours are wanted on a stream: NO_COLOR and FORCE_COLOR are heeded, then whether it is a terminal. */
export function wantsColor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && stream.hasColors();
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  tolerateErrors(stream);
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      const code = error && 'code' in error ? String(error.code) : '';
      if (!error || code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') resolve();
      else reject(new UserError(`the output cannot be written (${code || error.name})`, { cause: error }));
    });
  });
}
