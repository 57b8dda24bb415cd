import { rm } from 'node:fs/promises';
import type { StepContext } from '../pipeline/context.ts';
import { augmentedRecords, type Base, stylesFor } from './augment.ts';
import { labelledCandidates, recordOf } from './candidates.ts';
import { ContractError, chunkOf, labelledFiles, openSplit } from './creddata.ts';
import { checkSimpleFile, extraRecords } from './extra.ts';
import { type FusionConfig, readFusionConfig } from './fusion-config.ts';
import { maskedLine, shortHash } from './masked.ts';
import { packageRecords } from './packages.ts';
import { lot } from './random.ts';
import { byteLines, type DataRecord, LABELS, openLineWriter, recordId, recordLine } from './record.ts';
import { syntheticRecords } from './synthetic/records.ts';

/** What `fuse` reads from: folders and files, absent when a source is not wanted. */
export interface FusionInput {
  creddata: string;
  packages?: string | undefined;
  extra?: string | undefined;
  fusion: FusionConfig;
  seed: number;
  /** The records file to write. */
  output: string;
  progress?: (done: number, total: number, text?: string) => void;
  signal?: AbortSignal;
}

/** What was written, for the table and the model card. */
export interface FusionReport {
  records: number;
  /** By source and label, the number of records and their weight. */
  counts: Record<string, Record<string, { records: number; weight: number }>>;
  /** Repositories whose secrets were capped. */
  capped: string[];
  /** Lines of the user's own file that the scanner sees no candidate in. */
  missed: number[];
}

/** The step `fuse_datasets`: writes data/train.jsonl and logs a table of sources and labels. */
export async function run(context: StepContext): Promise<void> {
  if (!context.allowedSplits.includes('train')) throw new ContractError('fuse_datasets may not read the split train');
  const { paths, seed, signal } = context;
  const report = await fuse({
    creddata: paths.creddata,
    packages: paths.packages,
    extra: paths.extra,
    fusion: readFusionConfig(paths.fusion),
    seed,
    output: paths.trainRecords,
    progress: (done, total, text) => context.progress(done, total, text),
    signal,
  });
  context.log(tableOf(report));
  if (report.missed.length > 0) {
    context.log(
      `warning: the scanner sees no candidate in ${report.missed.length} records of the extra file (lines ${report.missed.slice(0, 10).join(', ')}): nothing is learnt from those`,
    );
  }
}

/**
 * Joins the target source and the auxiliary ones into one file of training records. The same input, config and seed
 * give the same bytes: nothing depends on dates, the locale or the order of files in a folder.
 *
 * @throws UserError and ContractError as the sources do; nothing is left at `output` then.
 */
export async function fuse(input: FusionInput): Promise<FusionReport> {
  const { fusion, output, seed, signal } = input;
  if (input.extra !== undefined) await checkSimpleFile(input.extra);
  const spool = `${output}.spool`;
  const secrets = new Map<string, number>();
  const missed: number[] = [];
  const writer = await openLineWriter(spool);
  try {
    for await (const record of everyRecord(input, (line) => missed.push(line))) {
      signal?.throwIfAborted();
      if (record.label === 'secret') secrets.set(record.repo, (secrets.get(record.repo) ?? 0) + record.weight);
      await writer.write(recordLine(record));
    }
    await writer.close();
    // Only now is it known how much the secrets of each repository weigh.
    return await capped({ spool, output, secrets, missed, caps: fusion.caps, seed });
  } finally {
    await writer.abort();
    await rm(spool, { force: true });
  }
}

async function* everyRecord(input: FusionInput, onMissed: (line: number) => void): AsyncGenerator<DataRecord> {
  const { creddata, packages, extra, fusion, seed, progress } = input;
  const { target, sources } = fusion;
  const split = openSplit({ creddata, split: 'train', purpose: 'fit' });
  const bases: Base[] = [];
  let labelled = 0;
  const total = split.files.length;
  const texts = target.variants.map((variant) => [...labelledFiles(split, variant)]);
  for (let i = 0; i < total; i++) {
    let before: { text: string; records: DataRecord[] } | undefined;
    for (const [v, variant] of target.variants.entries()) {
      const file = texts[v]![i]!;
      const origin = { repo: file.repo, variant, source: 'creddata', split: 'train' } as const;
      let records: DataRecord[];
      if (before?.text === file.text) {
        records = before.records.map((record) => {
          const start = startOf.get(record)!;
          const id = recordId({ ...origin, path: record.path, start, end: start + record.value.length });
          return { ...structuredClone(record), variant, id };
        });
      } else {
        const found = labelledCandidates({ chunk: chunkOf(file), places: file.places });
        records = found.map((one) => {
          const record = recordOf(one, origin);
          startOf.set(record, one.candidate.start);
          if (!one.labelled) return Object.assign(record, { weight: target.unlabelled_weight });
          // Random variants only: a copy replaces the value anyway.
          if (v === 0 && !record.settled && sources.augmented.ratio > 0) {
            const styles = stylesFor(one);
            if (styles.length > 0)
              bases.push({
                file: i,
                id: record.id,
                found: one,
                styles,
                line: shortHash(`${file.repo}\0${maskedLine(record)}`),
              });
          }
          return record;
        });
      }
      before ??= { text: file.text, records };
      labelled += records.filter((record) => record.labelled).length;
      yield* records;
    }
    if (i % 20 === 0) {
      progress?.(i, total, 'reading labelled code');
      // Lets a signal and the progress line through.
      await new Promise((resume) => setImmediate(resume));
    }
  }
  progress?.(total, total, 'making and adding the other sources');
  const wanted = (ratio: number) => Math.round(ratio * labelled);
  if (sources.augmented.ratio > 0) {
    const { human_share: humanShare, per_line: perLine, copies, weight, ratio } = sources.augmented;
    const count = wanted(ratio);
    for (const record of augmentedRecords({
      split,
      files: texts[0]!,
      bases,
      seed,
      count,
      humanShare,
      perLine,
      copies,
    })) {
      yield { ...record, weight };
    }
  }
  if (packages !== undefined && sources.packages.ratio > 0) {
    yield* drawnPackages({ dir: packages, count: wanted(sources.packages.ratio), fusion, seed });
  }
  if (sources.synthetic.ratio > 0) {
    const { weight, provider, ...shares } = sources.synthetic;
    const count = wanted(shares.ratio);
    const counts = {
      secret: Math.round(count * shares.secret),
      placeholder: Math.round(count * shares.placeholder),
      harmless: Math.round(count * shares.harmless),
      provider,
    };
    for (const record of syntheticRecords({ seed, counts, split: 'train' })) yield { ...record, weight };
  }
  if (extra !== undefined) {
    yield* extraRecords({ file: extra, weight: sources.extra.weight, split: 'train', onMissed });
  }
}

/** Where a record's value starts in its file: part of its id, but not of the record. */
const startOf = new WeakMap<DataRecord, number>();

/** The packages' share, every package alike: each gives as many as the number of packages leaves it. */
function drawnPackages(input: { dir: string; count: number; fusion: FusionConfig; seed: number }) {
  const { dir, count, fusion, seed } = input;
  const { per_file: perFile, weight } = fusion.sources.packages;
  return packageRecords({ dir, seed, count, perFile, weight, split: 'train' });
}

async function capped(input: {
  spool: string;
  output: string;
  secrets: ReadonlyMap<string, number>;
  missed: number[];
  caps: FusionConfig['caps'];
  seed: number;
}): Promise<FusionReport> {
  const { spool, output, secrets, missed, caps, seed } = input;
  const report: FusionReport = { records: 0, counts: {}, capped: [], missed };
  for (const [repo, weight] of secrets) if (weight > caps.secrets_per_repo) report.capped.push(repo);
  report.capped.sort();
  const writer = await openLineWriter(output);
  try {
    for await (const { bytes } of byteLines(spool)) {
      // The first keys of a line, up to the weight: nothing in quotes can hold an unescaped one.
      const line = bytes.toString('utf8');
      const at = HEAD.exec(line);
      if (!at) throw new Error('a spooled record has no head');
      const { id, source, repo, label } = at.groups as { [key: string]: string };
      let weight = Number(at.groups!.weight);
      const together = secrets.get(JSON.parse(repo!) as string) ?? 0;
      let out = line;
      if (label === 'secret' && together > caps.secrets_per_repo) {
        const share = caps.secrets_per_repo / together;
        if (caps.by === 'sampling') {
          if (lot(`${seed}:cap:${id}`) >= share) continue;
        } else {
          weight = Math.round(weight * share * 1e6) / 1e6;
          const from = at[0].lastIndexOf(':') + 1;
          out = line.slice(0, from) + weight + line.slice(at[0].length);
        }
      }
      await writer.write(out);
      report.records++;
      const bySource = (report.counts[source!] ??= {});
      const count = (bySource[label!] ??= { records: 0, weight: 0 });
      count.records++;
      count.weight += weight;
    }
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return report;
}

const HEAD =
  /^\{"id":"(?<id>[0-9a-f]+)","source":"(?<source>\w+)","split":"\w+","variant":"\w+","repo":(?<repo>"(?:[^"\\]|\\.)*"),"fold":\d,"path":"(?:[^"\\]|\\.)*","language":"(?:[^"\\]|\\.)*","category":"(?:[^"\\]|\\.)*","label":"(?<label>\w+)","weight":(?<weight>[\d.e-]+)/;

/** Sources and labels as a table for people. */
export function tableOf(report: FusionReport): string {
  const rows = Object.entries(report.counts).map(([source, labels]) => {
    const cells = LABELS.map((label) => labels[label] ?? { records: 0, weight: 0 });
    const sum = cells.reduce((n, cell) => n + cell.records, 0);
    const weight = cells.reduce((n, cell) => n + cell.weight, 0);
    return `${source.padEnd(10)}${cells.map((cell) => String(cell.records).padStart(12)).join('')}${String(sum).padStart(10)}${weight.toFixed(0).padStart(10)}`;
  });
  const head = `${'source'.padEnd(10)}${LABELS.map((label) => label.padStart(12)).join('')}${'all'.padStart(10)}${'weight'.padStart(10)}`;
  const caps = `secrets of ${report.capped.length} repositories were capped`;
  return [head, ...rows, `${report.records} records; ${caps}`].join('\n');
}
