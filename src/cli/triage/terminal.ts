import { on } from 'node:events';
import { emitKeypressEvents, type Key as Pressed } from 'node:readline';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Terminal } from '../../triage/session.ts';

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const STOPPED = ['SIGTERM', 'SIGHUP'] as const;
/** So long it takes at most until keys that were pressed before are there. */
const EARLIER_KEYS_MS = 50;
const NAMED = new Set(['return', 'enter', 'escape', 'backspace', 'left', 'right', 'up', 'down', 'space']);

/** A terminal that is taken over until it is given back. */
export interface OpenTerminal extends Terminal {
  close(): void;
}

/**
 * Takes over the terminal of the process: a screen of its own, and keys as they are pressed. Those that were pressed before
 * there was anything to see are dropped: they were meant for something else.
 */
export async function openTerminal({ color }: { color: boolean }): Promise<OpenTerminal> {
  const { stdin, stdout } = process;
  let isOpen = false;
  const enter = () => {
    if (isOpen) return;
    isOpen = true;
    stdin.setRawMode(true);
    stdin.resume();
    stdout.write(ENTER);
  };
  const leave = () => {
    if (!isOpen) return;
    isOpen = false;
    stdout.write(LEAVE);
    stdin.setRawMode(false);
    stdin.pause();
  };
  const stop = new AbortController();
  const end = () => stop.abort();
  let drawn: readonly string[] = [];
  const draw = (lines: readonly string[]) => {
    drawn = lines;
    stdout.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`);
  };
  const resumed = () => {
    enter();
    draw(drawn);
  };
  emitKeypressEvents(stdin);
  enter();
  const drop = () => undefined;
  stdin.on('data', drop);
  await setTimeout(EARLIER_KEYS_MS);
  // Timers come before what can be read, and this after it.
  await setImmediate();
  stdin.off('data', drop);
  for (const signal of STOPPED) process.on(signal, end);
  process.on('SIGCONT', resumed);
  process.on('exit', leave);
  stdin.on('end', end);
  stdin.on('error', end);
  stdout.on('error', end);
  const resize = () => void stdin.emit('keypress', undefined, { name: 'resize' });
  stdout.on('resize', resize);

  return {
    color,
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    draw,
    async *keys() {
      try {
        for await (const [text, key] of on(stdin, 'keypress', { signal: stop.signal })) {
          if (key?.ctrl && key.name === 'z' && process.platform !== 'win32') {
            leave();
            process.kill(process.pid, 'SIGTSTP');
            // Where nobody can continue it, it is not stopped either.
            await setImmediate();
            resumed();
            continue;
          }
          const name = nameOf(text, key);
          if (name !== undefined) yield name;
        }
      } catch (error) {
        if (!stop.signal.aborted) throw error;
      }
    },
    close() {
      leave();
      for (const signal of STOPPED) process.off(signal, end);
      process.off('SIGCONT', resumed);
      process.off('exit', leave);
      stdout.off('resize', resize);
    },
  };
}

function nameOf(text: string | undefined, key: Pressed | undefined): string | undefined {
  const name = key?.name ?? '';
  if (name === 'resize') return 'resize';
  if (key?.ctrl) return `ctrl-${name}`;
  if (name === 'enter') return 'return';
  if (NAMED.has(name)) return name;
  // What is no key and no character is some other sequence of the terminal.
  return text !== undefined && [...text].length === 1 && !/\p{C}/u.test(text) ? text : undefined;
}
