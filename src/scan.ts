import type { ScanMemory } from './cache/memory.ts';
import type { JudgeOptions } from './classify/index.ts';
import { findingsOf } from './findings/collect.ts';
import type { KnownFindings } from './findings/known.ts';
import { inspectInOrder } from './inspect/in-order.ts';
import { sumOf, type TextCounts, textTally } from './inspect/tally.ts';
import type { SecondOpinions } from './llm/second-opinions.ts';
import type { Config, Report, ScanSource, Skipped, SourceItem } from './types.ts';
import { milliseconds } from './util/clock.ts';
import { version } from './util/version.ts';

export interface Progress {
  items: number;
  bytes: number;
  findings: number;
  /** When all is scanned: what a judge is asked, and has answered. */
  judged?: { answered: number; asked: number };
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
  /** What `source` asks for what it need not read; it is told what comes of the rest. */
  memory?: ScanMemory | undefined;
  /** What is known from before; the baseline and the ignore files that `config` names unless given. */
  known?: KnownFindings | undefined;
  /** Is asked about what is in doubt. */
  judge?: SecondOpinions | undefined;
}

/**
 * Scans `source`: every text is searched for candidates, every candidate is judged, and what is judged a secret becomes
 * a finding. Errors of single inputs end up in `report.skipped`; an error of the source itself is thrown.
 */
export async function scan(input: ScanInput): Promise<Report> {
  const { source, config, show = false, signal, onProgress, useModel, threads, memory, known, judge } = input;
  const started = milliseconds();
  const tally = textTally();
  const skipped: Skipped[] = [];
  const collected = findingsOf({ config, show, known });
  const hearing = judge && (await import('./findings/hearing.ts')).openHearing({ judge, collected, signal });
  const inspector = inspectInOrder({ config, show, useModel, threads, doubtful: judge?.band });
  const progress = (): Progress => {
    const { chunks, bytes } = total(tally.counts, memory);
    return { items: chunks + skipped.length, bytes, findings: collected.count };
  };
  for await (const { item, inspected } of inspector.each(until(source, signal), signal)) {
    if ('skipped' in item) skipped.push(item.skipped);
    else {
      const { found, unsettled } = inspected!;
      if (hearing) hearing.add(found, unsettled);
      else collected.add(found);
      skipped.push(...inspected!.skipped);
      tally.add(item.chunk, inspected!);
      memory?.inspected(item.chunk, inspected!);
    }
    onProgress?.(progress());
  }
  const heard = await hearing?.end({
    counts: tally.counts,
    ...(onProgress && { onProgress: (judged) => onProgress({ ...progress(), judged }) }),
  });
  const { findings, problems, remarks } = await collected.finish(source);
  const { chunks, bytes, verdicts, decidedBy } = total(tally.counts, memory);
  const device = inspector.device() ?? memory?.device;
  return {
    tool: { name: 'smart-secrets-scanner', version },
    scope: source.description,
    findings,
    statistics: {
      chunks,
      bytes,
      candidates: verdicts.secret + verdicts.placeholder + verdicts.harmless,
      verdicts,
      decidedBy,
      ...(memory ? { cached: memory.known.chunks } : {}),
      ...(device === undefined ? {} : { device }),
      ...(heard === undefined ? {} : { judge: heard }),
      allowed: collected.allowed,
      hidden: collected.hidden,
      elapsedMs: Math.round(milliseconds() - started),
    },
    skipped: [...skipped, ...problems],
    notes: [...inspector.notes(), ...(judge?.notes() ?? [])],
    remarks,
    interrupted: signal?.aborted ?? false,
  };
}

/** What was searched now and what is known from before, together. */
function total(counts: TextCounts, memory: ScanMemory | undefined): TextCounts {
  return memory ? sumOf(counts, memory.known) : counts;
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
