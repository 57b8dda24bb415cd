import { isWatched } from '../../src/cli/progress.ts';
import { printable } from '../../src/cli/stdio.ts';
import { formatDuration } from '../../src/util/format.ts';

/** Shows how far a step is. */
export interface StepProgress {
  update(done: number, total: number, text?: string): void;
  /** Lines above the bar. */
  log(text: string): void;
  /** Erases the bar. */
  clear(): void;
}

const REDRAW_MS = 100;
const LINE_MS = 20_000;
const BAR = 20;

/**
 * A bar with the time left: one line that is redrawn on a terminal, elsewhere a line every twenty seconds.
 * @param options.label what is being done: `[8/17] fine_tune`
 * @param options.now milliseconds of a clock
 */
export function createStepProgress(options: {
  label: string;
  write?: (text: string) => void;
  watched?: boolean;
  columns?: number | undefined;
  now?: () => number;
}): StepProgress {
  const {
    label,
    write = (text) => void process.stderr.write(text),
    watched = isWatched(),
    columns = process.stderr.columns ?? 80,
    now = Date.now,
  } = options;
  let first: { at: number; done: number } | undefined;
  let next = watched ? 0 : now() + LINE_MS;
  let shown = false;
  const clear = (): void => {
    if (shown) write('\r\u001b[K');
    shown = false;
  };
  return {
    update(done, total, text = '') {
      const at = now();
      // Work that an earlier run has done says nothing about how fast this one is.
      if (!first || done < first.done) first = { at, done };
      if (at < next) return;
      next = at + (watched ? REDRAW_MS : LINE_MS);
      const left = timeLeft({ first, at, done, total });
      const words = printable([text, left].filter(Boolean).join(', ')).replaceAll('\n', ' ');
      if (watched) {
        shown = true;
        write(`\r${`${label} ${bar(done, total)} ${words}`.slice(0, columns - 1)}\u001b[K`);
      } else {
        write(
          `${label}: ${total > 0 ? `${percent(done, total)} % (${done} of ${total})` : done}${words ? `, ${words}` : ''}\n`,
        );
      }
    },
    log(text) {
      clear();
      write(`${printable(text.replace(/\n$/, ''))}\n`);
    },
    clear,
  };
}

function percent(done: number, total: number): number {
  return Math.min(100, Math.floor((100 * done) / total));
}

function bar(done: number, total: number): string {
  if (total <= 0) return '…';
  const full = Math.min(BAR, Math.floor((BAR * done) / total));
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${percent(done, total)} %`;
}

function timeLeft(input: { first: { at: number; done: number }; at: number; done: number; total: number }): string {
  const { first, at, done, total } = input;
  const [took, made] = [at - first.at, done - first.done];
  if (took < 2000 || made <= 0 || total <= done) return '';
  return `${formatDuration((took / made) * (total - done))} left`;
}
