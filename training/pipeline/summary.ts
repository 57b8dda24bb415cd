import { formatDuration } from '../../src/util/format.ts';

/** What became of a step. */
export interface StepResult {
  readonly step: string;
  readonly what: 'ran' | 'skipped' | 'stopped' | 'failed';
  readonly seconds: number;
}

/** What is planned for a step: why it runs; undefined when it will be skipped. */
export interface PlannedStep {
  readonly step: string;
  readonly title: string;
  readonly why: string | undefined;
}

/** The table at the end of a run. */
export function summaryText(results: readonly StepResult[]): string {
  const rows = results.map(({ step, what, seconds }) => [
    step,
    what,
    what === 'skipped' ? '' : formatDuration(seconds * 1000),
  ]);
  const total = results.reduce((sum, { seconds }) => sum + seconds, 0);
  return table([['step', 'what', 'time'], ...rows, ['all', '', formatDuration(total * 1000)]]);
}

/** What a run would do. */
export function planText(plan: readonly PlannedStep[]): string {
  const rows = plan.map(({ step, title, why }) => [step, why === undefined ? 'skip' : 'run', title, why ?? '']);
  return table([['step', 'plan', 'what it does', 'because it'], ...rows]);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
