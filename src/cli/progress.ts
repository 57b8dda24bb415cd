import type { Progress as Done } from '../scan.ts';
import { formatBytes, formatCount } from '../util/format.ts';

/** One line on standard error that is rewritten while a scan goes on. */
export interface ProgressLine {
  update(done: Done): void;
  /** Erases the line. */
  clear(): void;
}

const FIRST_AFTER_MS = 400;
const EVERY_MS = 100;

/** Whether people are watching: standard error is a terminal, and this is no CI job. */
export function isWatched(stream: { isTTY?: boolean } = process.stderr, env: NodeJS.ProcessEnv = process.env): boolean {
  const ci = env.CI;
  return stream.isTTY === true && (!ci || ci === 'false' || ci === '0') && env.TERM !== 'dumb';
}

/**
 * A progress line. Short scans show none.
 * @param options.write takes what is to go to the terminal
 * @param options.total how many items there will be, if known
 * @param options.now milliseconds of a clock
 */
export function createProgress(options: {
  write(text: string): void;
  total?: number | undefined;
  columns?: number | undefined;
  now?: () => number;
}): ProgressLine {
  const { write, total, columns = 80, now = Date.now } = options;
  let next = now() + FIRST_AFTER_MS;
  let shown = false;
  return {
    update(done) {
      if (now() < next) return;
      next = now() + EVERY_MS;
      shown = true;
      write(`\r${line(done, total).slice(0, columns - 1)}\u001b[K`);
    },
    clear() {
      if (shown) write('\r\u001b[K');
      shown = false;
    },
  };
}

/** The progress line of a command. Where it is not to be shown, or nobody is watching, nothing is written. */
export function terminalProgress(total: number | undefined, isShown = isWatched()): ProgressLine {
  const { stderr } = process;
  return createProgress({ write: (text) => void (isShown && stderr.write(text)), total, columns: stderr.columns });
}

/**
 * Runs a task with a line that tells how far it is, and that is gone when it ends.
 * @param shown.quiet the user wants to see none
 */
export async function withProgress<T>(
  shown: { total: number | undefined; quiet?: boolean | undefined },
  task: (update: ProgressLine['update']) => Promise<T>,
): Promise<T> {
  const progress = terminalProgress(shown.total, isWatched() && !shown.quiet);
  try {
    return await task(progress.update);
  } finally {
    progress.clear();
  }
}

function line({ items, bytes, findings, judged }: Done, total: number | undefined): string {
  if (judged) return `the judge has answered ${judged.answered} of ${formatCount(judged.asked, 'question')}`;
  const all = total === undefined ? 0 : Math.max(total, items);
  const of = all === 0 ? '' : ` of ${all} (${Math.floor((100 * items) / all)} %)`;
  return `scanned ${items}${of} · ${formatBytes(bytes)} · ${formatCount(findings, 'finding')}`;
}
