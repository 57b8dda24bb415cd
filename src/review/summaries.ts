import { pathSense } from '../features/path.ts';
import type { Judged } from '../findings/collect.ts';
import { plain } from '../findings/redact.ts';
import { originKey } from '../sources/origin-key.ts';
import type { ScanSource, Skipped, TextChunk, VerdictLabel } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { writeFileWhole } from '../util/write-whole.ts';
import { type Look, type Looker, seenOf, textKey, withoutValues } from './look.ts';
import { BEGIN_ANEW, type Mission } from './mission.ts';
import { openAppender, readLines } from './state-file.ts';
import type { Seen } from './types.ts';

/** So many candidates of a text are listed at most; the others are counted. */
const MOST_LISTED = 50;
/** What is less probable is only counted, unless it is taken for a secret. */
const LEAST_LISTED = 0.02;

/** The file of stage A in the folder of a mission. */
export const SUMMARIES = 'summaries.jsonl';

/** What a text is, and what is in it: a line of `summaries.jsonl`. */
export interface Summary {
  /** Of the text, its place and its lines that count: the same for the same. */
  key: string;
  path: string;
  /** Of text out of an archive or another container: the path of that. */
  container?: string;
  /** A value stands in the path, which is masked there. */
  masked?: boolean;
  commit?: string;
  /** Of a later piece of a very large file: the line that it begins with. */
  firstLine?: number;
  bytes: number;
  lines: number;
  encoding: string;
  kind: string;
  /** By the ending of its name: `ts`. */
  language?: string;
  test: boolean;
  example: boolean;
  /** What the path says besides: `lock`, `minified`, `locale`. */
  signs: readonly string[];
  verdicts: Record<VerdictLabel, number>;
  candidates: readonly Seen[];
  /** Candidates that are only counted. */
  others: number;
  /** Why it was not searched in full. */
  incomplete?: readonly Pick<Skipped, 'reason' | 'kind'>[];
}

/** What could not be looked at, and why. */
export interface SkippedLine {
  key: string;
  path: string;
  skipped: Pick<Skipped, 'reason' | 'kind'>;
}

/** What came of all texts. */
export interface StageA {
  /** Lines in the file. */
  texts: number;
  /** Of these, taken over from before. */
  kept: number;
  candidates: number;
  secrets: number;
  skipped: readonly Skipped[];
  interrupted: boolean;
}

/**
 * Sums up every text of `source` into `summaries.jsonl`, in the order of the source. Each line is written when its text has
 * been looked at; lines for texts that are still the same are kept.
 * @throws UserError when the file is damaged or cannot be written
 */
export async function summarize(input: {
  source: ScanSource;
  mission: Mission;
  look: Looker;
  /** Changes with what a line depends on besides its text. */
  settingsKey: string;
  /** Whether a damaged file may be replaced. */
  force: boolean;
  signal?: AbortSignal | undefined;
  onProgress?: (done: { items: number; bytes: number; findings: number }) => void;
}): Promise<StageA> {
  const { source, mission, look, settingsKey, signal, onProgress } = input;
  const file = mission.file(SUMMARIES);
  const known = new Map(await knownLines(file, input.force));
  const wanted: string[] = [];
  const skipped: Skipped[] = [];
  const counts = { texts: 0, kept: 0, candidates: 0, secrets: 0, bytes: 0 };
  const out = openAppender(file);
  const note = (line: Summary | SkippedLine) => {
    wanted.push(line.key);
    if (known.has(line.key)) return;
    out.append(line);
    known.set(line.key, line);
  };
  const count = (line: Summary) => {
    counts.texts++;
    counts.bytes += line.bytes;
    counts.candidates += line.verdicts.secret + line.verdicts.placeholder + line.verdicts.harmless;
    counts.secrets += line.verdicts.secret - line.candidates.filter((one) => one.decidedBy === 'allowlist').length;
    onProgress?.({ items: counts.texts, bytes: counts.bytes, findings: counts.secrets });
  };
  const skip = (one: Skipped) => {
    skipped.push(one);
    const { path, reason, kind } = one;
    note({ key: `skipped ${path} ${reason}`, path, skipped: { reason, kind } });
  };
  try {
    for await (const item of until(source, signal)) {
      if ('skipped' in item) {
        skip(item.skipped);
        continue;
      }
      const key = lineKey(item.chunk, settingsKey);
      const before = known.get(key);
      if (before && 'bytes' in before) {
        counts.kept++;
        wanted.push(key);
        count(before);
        for (const { reason, kind } of before.incomplete ?? []) skipped.push({ path: before.path, reason, kind });
        continue;
      }
      const looked = await look(item.chunk, signal);
      const line = summaryOf(key, looked);
      note(line);
      count(line);
      skipped.push(...looked.skipped);
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    out.close();
  }
  const interrupted = signal?.aborted ?? false;
  if (!interrupted) await inOrder({ file, wanted, known });
  const { texts, kept, candidates, secrets } = counts;
  return { texts, kept, candidates, secrets, skipped, interrupted };
}

async function knownLines(file: string, force: boolean): Promise<[string, Summary | SkippedLine][]> {
  try {
    return readSummaries(file).map((line) => [line.key, line]);
  } catch (error) {
    if (!force || !(error instanceof UserError)) throw error;
    await writeFileWhole(file, '');
    return [];
  }
}

/** @throws UserError when a line is damaged */
export function readSummaries(file: string): (Summary | SkippedLine)[] {
  return readLines(file, readLine, BEGIN_ANEW);
}

function readLine(value: unknown): Summary | SkippedLine {
  const line = value as Partial<Summary & SkippedLine> | null;
  const isLine = typeof line?.key === 'string' && typeof line.path === 'string';
  if (isLine && (line.skipped || (Array.isArray(line.candidates) && line.verdicts))) return line as Summary;
  throw new Error('it is no summary of a file');
}

/** The lines of the texts that there are, in their order: what was there before and is not any more is left out. */
async function inOrder(input: {
  file: string;
  wanted: readonly string[];
  known: ReadonlyMap<string, Summary | SkippedLine>;
}): Promise<void> {
  const { file, wanted, known } = input;
  const keys = [...new Set(wanted)];
  const isInOrder = keys.length === known.size && [...known.keys()].every((key, i) => key === keys[i]);
  if (isInOrder) return;
  await writeFileWhole(file, keys.map((key) => `${JSON.stringify(known.get(key))}\n`).join(''));
}

/** One text is looked at once under each of its names, and once in each commit. */
function lineKey(chunk: TextChunk, settingsKey: string): string {
  return `${textKey(chunk)} ${originKey(chunk.origin)} ${settingsKey.slice(0, 16)}`;
}

function summaryOf(key: string, look: Look): Summary {
  const { chunk, judged } = look;
  const sense = pathSense(chunk.logicalPath);
  const listed = worthListing(judged);
  const seen = listed.map((one) => seenOf(one, look));
  const verdicts = { secret: 0, placeholder: 0, harmless: 0 };
  for (const { verdict } of judged) verdicts[verdict.label]++;
  const path = withoutValues(
    chunk.path,
    listed.filter(({ verdict }) => verdict.label === 'secret').map(({ candidate }) => candidate.value),
  );
  const { origin } = chunk;
  const commit = origin.kind === 'range' ? origin.commit : origin.kind === 'message' ? origin.object : undefined;
  const language = /\.([A-Za-z0-9]{1,12})$/.exec(chunk.logicalPath)?.[1]?.toLowerCase();
  return {
    key,
    path: plain(path),
    ...(chunk.member === undefined ? {} : { container: plain(path.slice(0, -1 - chunk.member.length)) }),
    ...(path === chunk.path ? {} : { masked: true }),
    ...(commit === undefined ? {} : { commit }),
    ...(chunk.firstLine > 1 ? { firstLine: chunk.firstLine } : {}),
    bytes: chunk.bytes,
    lines: linesIn(chunk.text),
    encoding: chunk.encoding,
    kind: sense.kind,
    ...(language === undefined || path !== chunk.path ? {} : { language }),
    test: sense.test,
    example: sense.example,
    signs: (['lock', 'minified', 'locale'] as const).filter((sign) => sense[sign]),
    verdicts,
    candidates: seen,
    others: judged.length - listed.length,
    ...(look.skipped.length === 0 ? {} : { incomplete: look.skipped.map(({ reason, kind }) => ({ reason, kind })) }),
  };
}

/** Secrets, and what might be one, the most probable of them, in order of place. */
function worthListing(judged: readonly Judged[]): Judged[] {
  const isSecret = ({ verdict }: Judged) => verdict.label === 'secret';
  const worth = judged.filter((one) => isSecret(one) || one.verdict.probability >= LEAST_LISTED);
  if (worth.length <= MOST_LISTED) return worth;
  const first = [...worth].sort(
    (a, b) => Number(isSecret(b)) - Number(isSecret(a)) || b.verdict.probability - a.verdict.probability,
  );
  const taken = new Set(first.slice(0, MOST_LISTED));
  return worth.filter((one) => taken.has(one));
}

function linesIn(text: string): number {
  let lines = text === '' || text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

async function* until(source: ScanSource, signal: AbortSignal | undefined) {
  for await (const item of source.items(signal)) {
    if (signal?.aborted) return;
    yield item;
  }
}
