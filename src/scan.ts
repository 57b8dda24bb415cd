import type { JudgeOptions } from './classify/index.ts';
import { findingsOf } from './findings/collect.ts';
import { inspectInOrder } from './inspect/in-order.ts';
import type { Inspected } from './inspect/index.ts';
import type { Config, Report, ScanSource, Skipped, SourceItem, TextChunk } from './types.ts';
import { milliseconds } from './util/clock.ts';
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
  /** Threads that it may take; 1: none but this one. As many as there are processors unless told, 8 at most. */
  threads?: number;
}

/**
 * Scans `source`: every text is searched for candidates, every candidate is judged, and what is judged a secret becomes
 * a finding. Errors of single inputs end up in `report.skipped`; an error of the source itself is thrown.
 */
export async function scan(input: ScanInput): Promise<Report> {
  const { source, config, show = false, signal, onProgress, useModel, threads } = input;
  const started = milliseconds();
  const tally = {
    chunks: 0,
    bytes: 0,
    candidates: 0,
    verdicts: { secret: 0, placeholder: 0, harmless: 0 },
    decidedBy: { rule: 0, filter: 0, gate: 0, model: 0 } as Inspected['decidedBy'],
    skipped: [] as Skipped[],
  };
  const collected = findingsOf({ config, show });
  const inspector = inspectInOrder({ config, show, useModel, threads });
  let last: Pick<TextChunk, 'origin' | 'path' | 'bytes'> | undefined;
  for await (const { item, inspected } of inspector.each(until(source, signal), signal)) {
    if ('skipped' in item) tally.skipped.push(item.skipped);
    else {
      const { found, skipped, verdicts, decidedBy } = inspected!;
      collected.add(found);
      tally.skipped.push(...skipped);
      const { origin, path, bytes } = item.chunk;
      // A very large text comes in pieces, and each of them tells the size of the whole.
      const isPiece = last?.origin === origin && last.path === path;
      if (!isPiece) tally.chunks++;
      tally.bytes += bytes - (isPiece ? last!.bytes : 0);
      last = { origin, path, bytes };
      tally.candidates += verdicts.secret + verdicts.placeholder + verdicts.harmless;
      addTo(tally.verdicts, verdicts);
      addTo(tally.decidedBy, decidedBy);
    }
    onProgress?.({ items: tally.chunks + tally.skipped.length, bytes: tally.bytes, findings: collected.count });
  }
  const { findings, problems } = await collected.finish(source);
  const { skipped, ...counts } = tally;
  const device = inspector.device();
  return {
    tool: { name: 'smart-secrets-scanner', version },
    scope: source.description,
    findings,
    statistics: {
      ...counts,
      ...(device === undefined ? {} : { device }),
      allowed: collected.allowed,
      elapsedMs: Math.round(milliseconds() - started),
    },
    skipped: [...skipped, ...problems],
    notes: inspector.notes(),
    interrupted: signal?.aborted ?? false,
  };
}

function addTo<K extends string>(sums: Partial<Record<K, number>>, counts: Partial<Record<K, number>>): void {
  for (const key of Object.keys(counts) as K[]) sums[key] = (sums[key] ?? 0) + counts[key]!;
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
