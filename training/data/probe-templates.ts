import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import type { StepContext } from '../pipeline/context.ts';
import { readFusionConfig } from './fusion-config.ts';
import { maskedLine, pathShape, shortHash, showable } from './masked.ts';
import { type DataRecord, readRecords } from './record.ts';

/** How much of a source shares its templates. */
export interface ProbeOfSource {
  /** Places: the two variants of one place count once. */
  places: number;
  templates: number;
  /** Share of the places whose template is that of another place as well. */
  shared: number;
  /** Share of the places whose template is in more than one fold. */
  acrossFolds: number;
}

/** Something that must never be, with the lines of the file that show it. */
export interface ProbeFailure {
  what: string;
  lines: number[];
  /** Masked. */
  example?: string;
}

export interface ProbeReport {
  records: number;
  sources: Record<string, ProbeOfSource>;
  failures: ProbeFailure[];
}

export interface ProbeLimits {
  shared: Readonly<Record<string, number>>;
  across_folds: Readonly<Record<string, number>>;
}

/** The step `probe_templates`: writes data/probe.json, fails above the configured limits. */
export async function run(context: StepContext): Promise<void> {
  const { paths } = context;
  const { probe } = readFusionConfig(paths.fusion);
  const report = await probeRecords(readRecords(paths.trainRecords), probe);
  writeWithFolders(paths.probe, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
  context.log(probeTable(report));
  if (report.failures.length > 0) {
    throw new UserError(`the training records share templates that must not be shared: ${report.failures[0]!.what}`, {
      hint: `${report.failures.length} findings with examples are in ${paths.probe}; limits are in the fusion file under probe`,
    });
  }
}

interface Use {
  source: string;
  folds: Set<number>;
  splits: Set<string>;
  places: Set<string>;
  lines: number[];
  example: string;
}

/**
 * Looks for templates that are used more often than they may be. A template is the line with its value masked and the
 * shape of its path; generated records name theirs as well. Records that are handed over in memory are also checked for
 * shared parts: two records with one array would change together.
 */
export async function probeRecords(
  records: Iterable<DataRecord> | AsyncIterable<DataRecord>,
  limits: ProbeLimits,
): Promise<ProbeReport> {
  const byLine = new Map<string, Use>();
  const byId = new Map<string, Use>();
  const values = new Map<string, { template: string; line: number }>();
  const ids = new Map<string, number>();
  const parts = new WeakMap<object, number>();
  const failures: ProbeFailure[] = [];
  let line = 0;
  for await (const record of records) {
    line++;
    for (const part of [record, record.x, record.span, record.ngrams]) {
      const other = parts.get(part);
      if (other !== undefined) fail(failures, 'two records share one object', [other, line], record);
      parts.set(part, line);
    }
    const same = ids.get(record.id);
    if (same !== undefined) fail(failures, 'two records have the same id', [same, line], record);
    ids.set(record.id, line);
    const place = shortHash(`${record.repo}\0${record.path}\0${record.line}\0${record.span[0]}\0${record.template}`);
    note(byLine, `${record.source}\0${shortHash(`${maskedLine(record)}\0${pathShape(record.path)}`)}`, {
      record,
      line,
      place,
    });
    if (record.template === null) continue;
    note(byId, record.template, { record, line, place });
    if (record.label !== 'secret' || record.value.length < 16) continue;
    // A template that was written to would hand its last value on. Checked where values are long enough to be unique.
    const before = values.get(shortHash(record.value));
    if (before && !/\/provider\//.test(record.template)) {
      fail(failures, 'a generated value is in two records', [before.line, line], record);
    }
    values.set(shortHash(record.value), { template: record.template, line });
  }
  for (const [id, use] of byId) {
    if (use.splits.size > 1) push(failures, use, `the template ${id} is in more than one split`);
    if (use.folds.size > 1) push(failures, use, `the template ${id} is in more than one fold`);
    if (use.source === 'augmented' && use.lines.length > 1)
      push(failures, use, `the line behind ${id} was copied twice`);
  }
  const sources = summary([...byLine.values()]);
  for (const use of byLine.values()) {
    if (use.splits.size > 1) push(failures, use, `a template of ${use.source} is in more than one split`);
  }
  for (const [source, { shared, acrossFolds }] of Object.entries(sources)) {
    for (const [what, ratio, limit] of [
      ['in more than one record', shared, limits.shared[source] ?? 1],
      ['in more than one fold', acrossFolds, limits.across_folds[source] ?? 1],
    ] as const) {
      if (ratio <= limit) continue;
      const worst = [...byLine.values()]
        .filter((use) => use.source === source && (what.endsWith('fold') ? use.folds.size > 1 : use.places.size > 1))
        .sort((a, b) => b.places.size - a.places.size || a.lines[0]! - b.lines[0]!);
      for (const use of worst.slice(0, 5)) {
        push(failures, use, `${percent(ratio)} of ${source} has its template ${what}, the limit is ${percent(limit)}`);
      }
    }
  }
  return { records: line, sources, failures: failures.slice(0, 100) };
}

const MOST_LINES = 8;

function note(uses: Map<string, Use>, key: string, of: { record: DataRecord; line: number; place: string }): void {
  const { record, line, place } = of;
  let use = uses.get(key);
  if (!use) {
    use = {
      source: record.source,
      folds: new Set(),
      splits: new Set(),
      places: new Set(),
      lines: [],
      example: showable(record),
    };
    uses.set(key, use);
  }
  use.folds.add(record.fold);
  use.splits.add(record.split);
  use.places.add(place);
  if (use.lines.length < MOST_LINES) use.lines.push(line);
}

function summary(uses: readonly Use[]): Record<string, ProbeOfSource> {
  const sources: Record<string, ProbeOfSource> = {};
  for (const { source, places, folds } of uses) {
    const of = (sources[source] ??= { places: 0, templates: 0, shared: 0, acrossFolds: 0 });
    of.places += places.size;
    of.templates++;
    if (places.size > 1) of.shared += places.size;
    if (folds.size > 1) of.acrossFolds += places.size;
  }
  for (const of of Object.values(sources)) {
    of.shared = Math.round((of.shared / of.places) * 1e4) / 1e4;
    of.acrossFolds = Math.round((of.acrossFolds / of.places) * 1e4) / 1e4;
  }
  return Object.fromEntries(Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function fail(failures: ProbeFailure[], what: string, lines: number[], record: DataRecord): void {
  failures.push({ what, lines, example: showable(record) });
}

function push(failures: ProbeFailure[], use: Use, what: string): void {
  failures.push({ what, lines: use.lines, example: use.example });
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** The ratios as a table for people. */
export function probeTable(report: ProbeReport): string {
  const head = `${'source'.padEnd(11)}${'places'.padStart(8)}${'templates'.padStart(11)}${'shared'.padStart(9)}${'across folds'.padStart(14)}`;
  const rows = Object.entries(report.sources).map(
    ([source, of]) =>
      `${source.padEnd(11)}${String(of.places).padStart(8)}${String(of.templates).padStart(11)}${percent(of.shared).padStart(9)}${percent(of.acrossFolds).padStart(14)}`,
  );
  return [head, ...rows].join('\n');
}
