import { createHash, randomBytes } from 'node:crypto';
import type { ScanMemory } from '../cache/memory.ts';
import { createObserver } from '../feedback/observe.ts';
import { buildFinding } from '../findings/build.ts';
import { contextOf } from '../findings/context.ts';
import { fingerprint } from '../findings/fingerprint.ts';
import { searchInForce } from '../inspect/in-force.ts';
import { type Progress, scan } from '../scan.ts';
import type { Candidate, Config, Finding, Location, ReadMemory, Report, ScanSource, TextChunk } from '../types.ts';
import { sortItems, type TriageItem } from './item.ts';
import { notedPaths } from './noted-paths.ts';

const CONTEXT_LINES = 4;

/** What is to be decided on, and the report of the scan that found it. */
export interface FoundItems {
  items: TriageItem[];
  report: Report;
  /** Findings whose file was another one a moment later. */
  vanished: readonly Finding[];
}

/** Where to look, and for what. */
export interface FindItemsInput {
  config: Config;
  useModel: boolean;
  keepPrompts: boolean;
  /** Show values in the clear; what is kept of them stays the same. */
  show: boolean;
  /** Opens what is scanned; it is read twice. */
  open: (memory: ReadMemory) => Promise<ScanSource>;
  /** Whether a finding is asked about. */
  isWanted: (finding: Finding) => boolean;
  memory?: ScanMemory | undefined;
  signal?: AbortSignal;
  onProgress?: (done: Progress, total: number | undefined) => void;
}

/**
 * Finds what is to be decided on. A scan tells the findings; the files that they are in are read once more for what stands
 * around them, and for what a model can learn from them.
 */
export async function findItems(input: FindItemsInput): Promise<FoundItems> {
  const { config, useModel, keepPrompts, show, open, isWanted, signal, onProgress } = input;
  const noted = notedPaths(input.memory);
  const source = await open(noted.memory);
  const report = await scan({
    source,
    config,
    useModel,
    memory: noted.memory,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress: (done) => onProgress(done, source.total) } : {}),
  });
  const wanted = new Map<string, Finding[]>();
  for (const finding of report.findings.filter(isWanted)) {
    wanted.set(finding.fingerprint, [...(wanted.get(finding.fingerprint) ?? []), finding]);
  }
  const items = new Map<string, TriageItem>();
  const places = new Set([...wanted.values()].flat().map(placeKey));
  const searched = searchInForce(config);
  const observer = createObserver({ config, useModel, keepPrompts });
  const salt = randomBytes(16);
  let bytes = 0;
  const again = wanted.size > 0 ? (await open(noted.only)).items(signal) : [];
  for await (const given of again) {
    if (!('chunk' in given)) continue;
    const { chunk } = given;
    bytes += chunk.bytes;
    onProgress?.({ items: items.size, bytes, findings: report.findings.length }, wanted.size);
    const { candidates } = await searched(chunk);
    for (const candidate of candidates) {
      const ruleId = candidate.rules[0]!.id;
      if (!places.has(placeKey({ ...candidate, ruleId }))) continue;
      const { logicalPath } = chunk;
      const id = fingerprint({ ruleId, logicalPath, value: candidate.value });
      const [finding, ...more] = wanted.get(id) ?? [];
      if (!finding || items.has(id)) continue;
      // The place that is shown is the first in order.
      const shown = candidateAt(candidates, finding) ?? candidate;
      items.set(id, {
        id,
        finding: show ? inTheClear(finding, shown) : finding,
        more: more.map(placeOf),
        context: contextOf({ candidate: shown, others: candidates, lines: CONTEXT_LINES, show }),
        valueKey: createHash('sha256').update(salt).update(candidate.value).digest('base64'),
        logicalPath: ownPath(chunk),
        observe: await observer.observe(candidate, candidates),
        isToldBy: (text) => wordsOf(text).some((value) => fingerprint({ ruleId, logicalPath, value }) === id),
      });
    }
  }
  const vanished = [...wanted].filter(([id]) => !items.has(id)).map(([, [finding]]) => finding!);
  return { items: sortItems([...items.values()]), report, vanished };
}

/** Only what is shown of it, and never kept. */
function inTheClear(finding: Finding, candidate: Candidate): Finding {
  const { verdict: label, probability, decidedBy, reason } = finding;
  const verdict = { label, probability, decidedBy, reason };
  const { preview, secret } = buildFinding({ candidate, verdict, others: [candidate], show: true });
  return { ...finding, preview, secret };
}

/** A configuration allows a file with everything in it. */
function ownPath({ logicalPath, member }: TextChunk): string {
  return member === undefined ? logicalPath : logicalPath.slice(0, -1 - member.length);
}

function candidateAt(candidates: readonly Candidate[], finding: Finding): Candidate | undefined {
  const key = placeKey(finding);
  return candidates.find((candidate) => placeKey({ ...candidate, ruleId: candidate.rules[0]!.id }) === key);
}

function placeKey(place: Pick<Finding, 'ruleId' | 'line' | 'column' | 'endLine' | 'endColumn'>): string {
  const { ruleId, line, column, endLine, endColumn } = place;
  return [ruleId, line, column, endLine, endColumn].join(' ');
}

function placeOf({ path, line, endLine, column, endColumn }: Location): Location {
  return { path, line, endLine, column, endColumn };
}

/** The text, its words, and those without what stands round them in a sentence. */
function wordsOf(text: string): string[] {
  const words = [text, ...text.split(/\s+/)];
  return [...new Set([...words, ...words.map((word) => word.replace(/^["'`(<[]+|["'`)>\].,;:!?]+$/g, ''))])];
}
