import { isAbsolute, posix, relative, resolve, sep } from 'node:path';
import { plain } from '../findings/redact.ts';
import type { Finding, Report, Severity } from '../types.ts';
import { formatCount } from '../util/format.ts';
import type { RenderOptions } from './index.ts';
import {
  adviceFor,
  countFindings,
  countScanned,
  errorsOf,
  hiddenLines,
  policyCounts,
  sureness,
  titleOf,
} from './words.ts';

const LEVELS: Record<Severity, string> = { critical: 'error', high: 'error', medium: 'warning', low: 'notice' };

/**
 * Workflow commands of GitHub Actions: written to the log of a job, they become annotations on the files of a pull
 * request. GitHub shows ten of a kind a step: the last line has the count of all.
 */
export function github(report: Report, options: RenderOptions): string {
  const workspace = options.workspace ?? process.env.GITHUB_WORKSPACE;
  const fileOf = (path: string) => fromWorkspace({ path, cwd: options.cwd, workspace });
  const lines = [
    ...(report.interrupted
      ? [command('warning', {}, 'The scan was interrupted: this is what was found until then.')]
      : []),
    ...errorsOf(report).map(({ path, reason }) =>
      command(
        'error',
        { file: fileOf(path), title: 'Could not be read' },
        plain(`${path} could not be read: ${reason}`),
      ),
    ),
    ...report.findings.map((finding) => annotation(finding, fileOf)),
    ...hiddenLines(report).map((line) => `${line}.`),
    ...policyCounts(report).map(([reason, count]) => plain(`Skipped ${formatCount(count, 'input')}: ${reason}`)),
    report.findings.length > 0
      ? `${countFindings(report)} in ${countScanned(report)}`
      : `No secrets in ${countScanned(report)}.`,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function annotation(finding: Finding, fileOf: (path: string) => string): string {
  const { path, line, endLine, column, endColumn, severity, ruleId, reason, probability, fingerprint } = finding;
  const properties = {
    file: fileOf(path),
    line,
    endLine,
    // Columns are refused for more than one line.
    ...(line === endLine ? { col: column, endColumn } : {}),
    title: `Secret: ${titleOf(finding)}`,
  };
  const commit = finding.commit === undefined ? '' : ` Commit ${finding.commit}.`;
  const message = [
    `${ruleId} (${severity}, ${sureness(probability)}): ${reason}.${commit}`,
    plain(finding.preview),
    adviceFor(finding),
    `Not a secret? Allow the fingerprint ${fingerprint} in .smart-secrets-scanner.toml.`,
  ];
  return command(LEVELS[severity], properties, message.map(plain).join('\n'));
}

function command(name: string, properties: Record<string, string | number>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(plain(String(value)))}`);
  return `::${name}${list.length > 0 ? ` ${list.join(',')}` : ''}::${escapeData(message)}`;
}

/** As the runner reads it: `%` and line ends in messages, and the separators too in properties. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Annotations name files from the root of the checkout; a scan may have run in a folder below it. */
function fromWorkspace(input: { path: string; cwd: string | undefined; workspace: string | undefined }): string {
  const { path, cwd, workspace } = input;
  if (!workspace || (!cwd && !isAbsolute(path))) return path;
  const inside = relative(workspace, resolve(cwd ?? workspace, path));
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join(posix.sep);
}
