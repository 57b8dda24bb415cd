import { createJudge, type JudgeOptions } from './classify/index.ts';
import { findingsOf } from './findings/collect.ts';
import { loadRules } from './rules/rule-set.ts';
import { search } from './search.ts';
import type { Candidate, Config, Report, ScanSource, Skipped, SourceItem, TextChunk, Verdict } from './types.ts';
import { touches } from './util/ranges.ts';
import { version } from './util/version.ts';

export interface Progress {
  items: number;
  bytes: number;
  findings: number;
}

export interface ScanInput {
  source: ScanSource;
  config: Config;
  /** Show values in the clear. */
  show?: boolean;
  /** Stops the scan; the report then holds what was found so far. */
  signal?: AbortSignal;
  onProgress?: (done: Progress) => void;
  /** False: the language model is not asked. The model and the device are those of `config`. */
  useModel?: JudgeOptions['useModel'];
}

/**
 * Scans `source`: every text is searched for candidates, every candidate is judged, and what is judged a secret becomes
 * a finding. Errors of single inputs end up in `report.skipped`; an error of the source itself is thrown.
 */
export async function scan(input: ScanInput): Promise<Report> {
  const { source, config, show = false, signal, onProgress, useModel } = input;
  const started = performance.now();
  const rules = loadRules(config);
  const judge = createJudge({ preset: config.preset, modelDir: config.model, device: config.device, useModel });
  const tally = {
    chunks: 0,
    bytes: 0,
    candidates: 0,
    verdicts: { secret: 0, placeholder: 0, harmless: 0 },
    decidedBy: { rule: 0, filter: 0, gate: 0, model: 0 } as Partial<Record<Verdict['decidedBy'], number>>,
    skipped: [] as Skipped[],
  };
  const collected = findingsOf({ config, show });
  let last: Pick<TextChunk, 'origin' | 'path' | 'bytes'> | undefined;
  for await (const item of until(source, signal)) {
    if ('skipped' in item) tally.skipped.push(item.skipped);
    else {
      const found = search(item.chunk, rules);
      tally.skipped.push(...found.skipped);
      const candidates = found.candidates.filter((c) => isNew(c));
      const asRead = candidates.map((candidate) => candidate.read ?? candidate);
      const verdicts = await unlessStopped(judge.judge(asRead, signal), signal);
      if (!verdicts) break;
      collected.add(
        item.chunk,
        candidates.map((candidate, i) => ({ candidate, verdict: verdicts[i]! })),
      );
      const { origin, path, bytes } = item.chunk;
      // A very large text comes in pieces, and each of them tells the size of the whole.
      const isPiece = last?.origin === origin && last.path === path;
      if (!isPiece) tally.chunks++;
      tally.bytes += bytes - (isPiece ? last!.bytes : 0);
      last = { origin, path, bytes };
      tally.candidates += candidates.length;
      for (const { label, decidedBy } of verdicts) {
        tally.verdicts[label]++;
        tally.decidedBy[decidedBy] = (tally.decidedBy[decidedBy] ?? 0) + 1;
      }
    }
    onProgress?.({ items: tally.chunks + tally.skipped.length, bytes: tally.bytes, findings: collected.count });
  }
  const { findings, problems } = await collected.finish(source);
  const { skipped, ...counts } = tally;
  const device = judge.device();
  return {
    tool: { name: 'smart-secrets-scanner', version },
    scope: source.description,
    findings,
    statistics: {
      ...counts,
      ...(device === undefined ? {} : { device }),
      allowed: collected.allowed,
      elapsedMs: Math.round(performance.now() - started),
    },
    skipped: [...skipped, ...problems],
    notes: judge.notes(),
    interrupted: signal?.aborted ?? false,
  };
}

/** Only what was added counts, in sources that know; the rest of the text is context. */
function isNew({ chunk, line, endLine }: Candidate): boolean {
  return !chunk.added || touches(chunk.added, line, endLine);
}

/** What `work` gives, or undefined when `signal` has stopped it. */
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!signal?.aborted) throw error;
    return undefined;
  }
}

/** The items of `source`; ends quietly when `signal` stops it. */
async function* until(source: ScanSource, signal: AbortSignal | undefined): AsyncGenerator<SourceItem> {
  try {
    for await (const item of source.items(signal)) {
      if (signal?.aborted) return;
      yield item;
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
