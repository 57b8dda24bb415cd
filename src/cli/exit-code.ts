import type { Report } from '../types.ts';
import { EXIT } from '../util/errors.ts';

/**
 * The exit code of a scan: 2 when it was stopped, else 1 when it found something, else 2 when something that should have
 * been read could not be, else 0.
 */
export function exitCodeOf(report: Pick<Report, 'findings' | 'skipped' | 'interrupted'>): number {
  if (report.interrupted) return EXIT.failed;
  if (report.findings.length > 0) return EXIT.findings;
  return report.skipped.some(({ kind }) => kind === 'error') ? EXIT.failed : EXIT.clean;
}
