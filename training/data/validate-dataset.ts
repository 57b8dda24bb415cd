import { isUtf8 } from 'node:buffer';
import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import type { StepContext } from '../pipeline/context.ts';
import { type FusionConfig, readFusionConfig } from './fusion-config.ts';
import { createLeakCheck } from './leaks.ts';
import { createGroups, type Group, sizeOf, sketch } from './near-duplicates.ts';
import { byteLines, type DataRecord, LABELS } from './record.ts';
import { recordProblems } from './validate-record.ts';

export interface ValidationFinding {
  level: 'error' | 'warning';
  kind: string;
  /** 1-based lines of the records file; empty when the finding is about all of it. */
  lines: number[];
  what: string;
}

export interface ValidationReport {
  file: string;
  records: number;
  errors: number;
  warnings: number;
  /** By source and label. */
  balance: Record<string, Record<string, number>>;
  /** How many findings of each kind there are; `findings` has the first of each. */
  kinds: Record<string, number>;
  findings: ValidationFinding[];
}

/** Lines of the report that the terminal gets. */
const MOST_SHOWN = 12;

/** The step `validate_dataset`: writes data/validation.txt and .json; errors end the run, warnings do not. */
export async function run(context: StepContext): Promise<void> {
  const { paths, signal } = context;
  const limits = readFusionConfig(paths.fusion).validate;
  const report = await validateRecords({ file: paths.trainRecords, limits, allowed: ['train'], signal });
  const text = validationText(report);
  writeWithFolders(paths.validation, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
  writeWithFolders(paths.validationText, text, { mode: 0o600 });
  const lines = text.trimEnd().split('\n');
  context.log(lines.slice(0, MOST_SHOWN).join('\n'));
  if (lines.length > MOST_SHOWN) context.log(`and ${lines.length - MOST_SHOWN} more lines in ${paths.validationText}`);
  if (report.errors > 0) {
    const first = report.findings.find((finding) => finding.level === 'error')!;
    throw new UserError(`the training records have ${report.errors} errors; the first: ${inWords(first)}`, {
      hint: `all of them are in ${paths.validationText}`,
    });
  }
}

/** How many findings of one kind are kept. */
const MOST_OF_KIND = 50;

/**
 * Checks a records file against its contract: every line by itself (schema, label, span, encoding), then all together
 * (ids, duplicates and near-duplicates across folds and splits, contradictions, balance, leaks). Findings never hold a
 * value. The file is read once; memory holds a hash for each line.
 *
 * @param input.allowed splits that may be in the file.
 * @throws UserError when the file cannot be read.
 */
export async function validateRecords(input: {
  file: string;
  limits: FusionConfig['validate'];
  allowed: readonly string[];
  signal?: AbortSignal;
}): Promise<ValidationReport> {
  const { file, limits, allowed, signal } = input;
  const report: ValidationReport = { file, records: 0, errors: 0, warnings: 0, balance: {}, kinds: {}, findings: [] };
  const tell = (level: 'error' | 'warning', kind: string, lines: number[], what: string) => {
    report[level === 'error' ? 'errors' : 'warnings']++;
    report.kinds[kind] = (report.kinds[kind] ?? 0) + 1;
    if (report.kinds[kind] <= MOST_OF_KIND) report.findings.push({ level, kind, lines, what });
  };
  const ids = new Map<string, number>();
  const near = createGroups();
  const same = createGroups();
  const leaks = createLeakCheck();
  for await (const { line, bytes } of byteLines(file)) {
    signal?.throwIfAborted();
    report.records++;
    const row = parsed({ line, bytes, tell });
    if (!row) continue;
    const { record } = row;
    const problems = recordProblems(record);
    for (const { kind, what } of problems) tell('error', kind, [line], what);
    if (problems.some(({ kind }) => kind === 'schema' || kind === 'label')) continue;
    if (!allowed.includes(record.split))
      tell('error', 'split', [line], `a record of ${record.split} among those of ${allowed}`);
    const other = ids.get(record.id);
    if (other !== undefined) tell('error', 'duplicate', [other, line], 'two records have the same id');
    ids.set(record.id, line);
    const labels = (report.balance[record.source] ??= {});
    labels[record.label] = (labels[record.label] ?? 0) + 1;
    const { fold, split, source, label, text, span, value, path } = record;
    const of = { line, fold, split, source, label };
    const key = sketch(`${text.slice(Math.max(0, span[0] - 80), span[0])}${value}${text.slice(span[1], span[1] + 40)}`);
    if (key !== undefined) near.add(`${key}\0${source}`, of);
    same.add(`${text}\0${span[0]}\0${span[1]}\0${path.slice(path.lastIndexOf('/') + 1)}`, of);
    leaks.add(record);
  }
  if (report.records === 0) tell('error', 'empty', [], 'the file has no records');
  aboutGroups({ near: near.all(), same: same.all(), report, limits, tell });
  aboutBalance({ report, limits, tell });
  for (const what of leaks.columns()) tell('error', 'leak', [], what);
  const found = leaks.found();
  if (found && Math.abs(found.secret - found.other) > 0.3) {
    tell(
      'error',
      'leak',
      [],
      `the scanner finds ${percent(found.secret)} of the secret values in their lines, and ${percent(found.other)} of the others: the values do not come from the same code`,
    );
  }
  report.findings.sort((a, b) => (a.level === b.level ? 0 : a.level === 'error' ? -1 : 1));
  return report;
}

type Tell = (level: 'error' | 'warning', kind: string, lines: number[], what: string) => void;

function parsed(input: { line: number; bytes: Buffer; tell: Tell }): { record: DataRecord } | undefined {
  const { line, bytes, tell } = input;
  if (!isUtf8(bytes)) {
    tell('error', 'encoding', [line], 'not UTF-8');
    return undefined;
  }
  let text = bytes.toString('utf8');
  if (text.startsWith('\uFEFF')) {
    tell('error', 'encoding', [line], 'starts with a byte order mark');
    text = text.slice(1);
  }
  if (text.endsWith('\r')) tell('error', 'encoding', [line], 'ends with a carriage return');
  try {
    return { record: JSON.parse(text) as DataRecord };
  } catch {
    tell('error', 'schema', [line], 'not a JSON object on one line');
    return undefined;
  }
}

type Groups = Iterable<Group>;

function aboutGroups(input: {
  near: Groups;
  same: Groups;
  report: ValidationReport;
  limits: FusionConfig['validate'];
  tell: Tell;
}): void {
  const { near, same, report, limits, tell } = input;
  const crossing: Record<string, number> = {};
  for (const group of near) {
    if (group.splits.size > 1) tell('error', 'near-duplicate', group.lines, 'near-duplicates in more than one split');
    if (group.folds.size < 2) continue;
    for (const [source, n] of group.sources) crossing[source] = (crossing[source] ?? 0) + n;
    tell('warning', 'near-duplicate', group.lines, `${sizeOf(group)} near-duplicates in ${group.folds.size} folds`);
  }
  for (const [source, n] of Object.entries(crossing)) {
    const all = Object.values(report.balance[source] ?? {}).reduce((sum, count) => sum + count, 0);
    if (n / all <= limits.near_duplicates_across_folds) continue;
    tell(
      'error',
      'near-duplicate',
      [],
      `${percent(n / all)} of ${source} has a near-duplicate in another fold, the limit is ${percent(limits.near_duplicates_across_folds)}`,
    );
  }
  let contradictory = 0;
  for (const group of same) {
    if (group.splits.size > 1) tell('error', 'duplicate', group.lines, 'the same text in more than one split');
    if (!group.secret || !group.other) continue;
    contradictory += sizeOf(group);
    tell('warning', 'contradiction', group.lines, 'the same value in the same text is a secret here and none there');
  }
  if (contradictory / Math.max(1, report.records) > limits.contradictory) {
    tell(
      'error',
      'contradiction',
      [],
      `${percent(contradictory / report.records)} of the records contradict others, the limit is ${percent(limits.contradictory)}`,
    );
  }
}

function aboutBalance(input: { report: ValidationReport; limits: FusionConfig['validate']; tell: Tell }): void {
  const { report, limits, tell } = input;
  for (const label of LABELS) {
    const n = Object.values(report.balance).reduce((sum, labels) => sum + (labels[label] ?? 0), 0);
    if (n < limits.least_of_label)
      tell('error', 'balance', [], `${n} records are ${label}, at least ${limits.least_of_label} are needed`);
  }
  for (const [source, labels] of Object.entries(report.balance)) {
    const all = Object.values(labels).reduce((sum, n) => sum + n, 0);
    const secret = labels.secret ?? 0;
    if (source !== 'packages' && (secret === 0 || secret === all)) {
      tell(
        'warning',
        'balance',
        [],
        `${source} has ${secret === 0 ? 'no secrets' : 'nothing but secrets'}: it teaches what comes from it, not what is a secret`,
      );
    }
  }
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function inWords({ kind, lines, what }: ValidationFinding): string {
  const where = lines.length === 0 ? '' : `line ${lines.join(', ')}: `;
  return `${where}${what} (${kind})`;
}

/** The report for people. */
export function validationText(report: ValidationReport): string {
  const head = `${'source'.padEnd(11)}${LABELS.map((label) => label.padStart(12)).join('')}`;
  const rows = Object.entries(report.balance).map(
    ([source, labels]) =>
      `${source.padEnd(11)}${LABELS.map((label) => String(labels[label] ?? 0).padStart(12)).join('')}`,
  );
  const kinds = Object.entries(report.kinds).map(([kind, n]) => `${kind} ${n}`);
  return [
    `${report.records} records: ${report.errors} errors, ${report.warnings} warnings${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}`,
    '',
    head,
    ...rows,
    '',
    ...report.findings.map((finding) => `${finding.level.padEnd(8)} ${inWords(finding)}`),
    ...(report.findings.length < report.errors + report.warnings
      ? [`at most ${MOST_OF_KIND} of each kind are listed`]
      : []),
    '',
  ].join('\n');
}
