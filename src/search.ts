import { collectCandidates, MOST_CANDIDATES } from './candidates/index.ts';
import { decodedChunks } from './decoders/index.ts';
import { CREDENTIAL_KINDS, nameSense } from './features/name.ts';
import type { RuleSet } from './rules/rule-set.ts';
import type { Candidate, Skipped, TextChunk } from './types.ts';
import { type LineTable, lineTable, placed } from './util/lines.ts';
import { touches } from './util/ranges.ts';
import { tokenRuns } from './util/token-runs.ts';

/** So many values of decoded texts are looked at in one text. */
const MOST_DECODED = 2000;

/** What is worth judging in a text, and what of it was not looked at. */
export interface Found {
  /** In order of place in `chunk`. Those with `read` were found in a decoded text, and are judged as they stand there. */
  candidates: Candidate[];
  skipped: Skipped[];
}

/** The candidates of `chunk` and of the texts that are encoded in it, all of them placed in `chunk`. */
export function search(chunk: TextChunk, rules: RuleSet, maxDepth?: number): Found {
  const runs = tokenRuns(chunk.text);
  const { candidates, complete, slowRules } = collectCandidates(chunk, rules, runs);
  const decoded = decodedChunks(chunk, maxDepth, runs);
  const skipped = [...(complete ? [] : [tooDense(chunk, MOST_CANDIDATES)]), ...decoded.skipped];
  const slow = new Set(slowRules);
  // Lines are counted only where something was decoded.
  const lines = decoded.chunks.length > 0 ? lineTable(chunk.text) : undefined;
  const known = new Set<string>();
  const more: Candidate[] = [];
  let full = false;
  for (const inner of decoded.chunks) {
    const found = collectCandidates(inner, rules);
    if (!found.complete) full = true;
    for (const id of found.slowRules) slow.add(id);
    for (const candidate of found.candidates) {
      if (!counts(candidate)) continue;
      const outer = place(candidate, lines!);
      const key = `${outer.start}:${outer.end}:${outer.rules[0]!.id}:${outer.value}`;
      if (known.has(key)) continue;
      known.add(key);
      if (more.length >= MOST_DECODED) full = true;
      else more.push(outer);
    }
  }
  if (full) skipped.push(tooDense(chunk, MOST_DECODED, 'decoded '));
  for (const id of slow) skipped.push(tooSlow(chunk, id));
  const all = more.length === 0 ? candidates : [...candidates, ...more].sort((a, b) => a.start - b.start);
  return { candidates: all, skipped };
}

/** Only what was added counts, in sources that know; the rest of the text is context. */
export function isNew({ chunk, line, endLine }: Candidate): boolean {
  return !chunk.added || touches(chunk.added, line, endLine);
}

/** Rules of the generic extractor whose place alone says what the value is. */
const BY_PLACE: ReadonlySet<string> = new Set(['url-credentials', 'command-line-credentials']);

/**
 * Whether a candidate of a decoded text is worth judging. There is more in decoded data that only looks like a secret than
 * there are secrets: a provider has to be sure of it, or its name or its place has to say what it is.
 */
function counts({ chunk, start, end, syntax, name, rules }: Candidate): boolean {
  const { touches, way } = chunk.decoded!;
  if (!touches(start, end)) return false;
  if (syntax === 'provider') return rules[0]!.confidence !== 'hint';
  if (BY_PLACE.has(rules[0]!.id)) return true;
  const sense = nameSense(name);
  // The claims of a token are full of sessions, nonces and times of authentication.
  const isClaim = way.includes('JWT') && (sense.kind === 'token' || sense.kind === 'auth');
  return CREDENTIAL_KINDS.has(sense.kind) && !sense.describes && !sense.harmless && !sense.noCredential && !isClaim;
}

/** A candidate of a decoded text, where its encoded form stands in the outermost one. */
function place(read: Candidate, lines: LineTable): Candidate {
  const { chunk } = read;
  const outermost = outermostOf(chunk);
  const inOutermost = ({ start, end }: Pick<Candidate, 'start' | 'end'>) => {
    let span = { start, end };
    for (let inner = chunk; inner.decoded; inner = inner.decoded.from) span = inner.decoded.place(span.start, span.end);
    return placed({ ...span, firstLine: outermost.firstLine, lines });
  };
  return {
    ...read,
    ...inOutermost(read),
    chunk: outermost,
    ...(read.parts ? { parts: read.parts.map((part) => ({ ...part, ...inOutermost(part) })) } : {}),
    encodings: chunk.decoded!.way,
    read,
  };
}

function outermostOf(chunk: TextChunk): TextChunk {
  return chunk.decoded ? outermostOf(chunk.decoded.from) : chunk;
}

/** Not all of a text was judged: that is no clean result, and a hook must not let it pass unseen. */
function tooDense({ path }: TextChunk, most: number, what = ''): Skipped {
  const reason = `more than ${most} ${what}strings that could be secrets: only the first were looked at`;
  return { path, reason, kind: 'error' };
}

/** The time of a rule is limited where the pattern is the user's own. */
function tooSlow({ path }: TextChunk, ruleId: string): Skipped {
  const reason = `the rule "${ruleId}" of the configuration took too long: it was not used here`;
  return { path, reason, kind: 'error' };
}
