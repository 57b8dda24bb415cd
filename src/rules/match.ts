import type { Rule } from '../types.ts';
import { entropy } from '../util/entropy.ts';
import { hasRun, longestRun, type TokenRuns, tokenRuns } from '../util/token-runs.ts';
import type { RuleSet } from './rule-set.ts';
import { withinTime } from './time-limit.ts';
import { validators } from './validators.ts';

/** A match of a rule: the span of the secret and that of the whole match, in UTF-16 code units. */
export interface RuleMatch {
  rule: Rule;
  start: number;
  end: number;
  matchStart: number;
  matchEnd: number;
}

/** The first and the last start of each lot of keywords that stand close together: `[first, last, first, last, …]`. */
type Starts = number[];

/** Where keywords stand in a text: for each rule number the starts, and the starts of the generic extractor's words. */
export interface KeywordHits {
  byRule: Map<number, Starts>;
  generic: number[];
}

const DEFAULT_WINDOW = { before: 128, after: 512 };
const WIDEST_WINDOW = 262_144;
/** Starts no further apart share a window anyway. A hundred megabytes of one letter are one lot, not a hundred million. */
const CLOSE = 16;
/** What a pattern without keywords may look at round a match, in UTF-16 code units. */
const AROUND_RUN = 256;
/** Names may be full of the sign that stands between containers. */
const MOST_PLACES = 16;

/** One pass over `text` for all keywords. */
export function findKeywords(text: string, ruleSet: RuleSet): KeywordHits {
  const { rulesOfKeyword, genericKeyword } = ruleSet;
  const byRule = new Map<number, Starts>();
  const generic: number[] = [];
  let last = -1;
  let isSorted = true;
  ruleSet.prefilter.search(text, (keyword, start) => {
    if (genericKeyword[keyword]) {
      if (start < last) isSorted = false;
      last = start;
      generic.push(start);
    }
    const rules = rulesOfKeyword[keyword]!;
    for (let i = 0; i < rules.length; i++) addStart(byRule, rules[i]!, start);
  });
  return { byRule, generic: isSorted ? generic : [...Uint32Array.from(generic).sort()] };
}

function addStart(byRule: Map<number, Starts>, rule: number, start: number): void {
  const starts = byRule.get(rule);
  if (!starts) {
    byRule.set(rule, [start, start]);
    return;
  }
  const last = starts[starts.length - 1]!;
  if (start >= last && start - last <= CLOSE) starts[starts.length - 1] = start;
  else starts.push(start, start);
}

/**
 * All matches of all rules in `text`, in order of rule and place. `path` is the logical path.
 *
 * @param input.onSlow told of a rule of the user that took too long: nothing that it found in this text counts
 */
export function matchRules(input: {
  text: string;
  ruleSet: RuleSet;
  path: string;
  hits?: KeywordHits;
  runs?: TokenRuns;
  onSlow?: (rule: Rule) => void;
}): RuleMatch[] {
  const { text, ruleSet, path, runs = tokenRuns(input.text) } = input;
  const { byRule } = input.hits ?? findKeywords(text, ruleSet);
  const found: RuleMatch[] = [];
  const places = placesOf(path);
  const longest = longestRun(runs);
  for (const number of [...byRule.keys(), ...ruleSet.always].sort((a, b) => a - b)) {
    const rule = ruleSet.rule(number);
    if (rule.run && rule.run.least > longest) continue;
    if (rule.path && !places.some((place) => rule.path!.test(place))) continue;
    const spans = spansOf({ rule, starts: byRule.get(number), runs, length: text.length });
    if (spans.length === 0) continue;
    const work = () => matchSpans({ text, rule, spans });
    const matches = isBuiltin(rule) ? work() : withinTime({ rule, work });
    if (!matches) input.onSlow?.(rule);
    for (const match of matches ?? []) found.push(match);
  }
  return found;
}

/** A path, and of what is inside containers also the path in each of them: `a.zip!b.tar!c`, `c`, `b.tar!c`. */
function placesOf(path: string): string[] {
  const places = [path];
  for (let at = path.lastIndexOf('!'); at >= 0 && places.length < MOST_PLACES; ) {
    places.push(path.slice(at + 1));
    at = at === 0 ? -1 : path.lastIndexOf('!', at - 1);
  }
  return places;
}

/** The patterns of built-in rules are tested on hostile text; those of users could be anything. */
function isBuiltin({ origin }: Rule): boolean {
  return origin === undefined || origin === 'builtin';
}

function matchSpans(input: { text: string; rule: Rule; spans: readonly Span[] }): RuleMatch[] {
  const { text, rule, spans } = input;
  const found: RuleMatch[] = [];
  const seen = new Set<string>();
  for (const [from, to] of spans) {
    for (const match of matchWindow({ text, rule, from, to })) {
      const key = `${match.start}:${match.end}`;
      if (!seen.has(key)) found.push(match);
      seen.add(key);
    }
  }
  return found;
}

type Span = readonly [from: number, to: number];

/** Where a rule is searched: round its keywords, or everywhere; but not where the run is missing that every match has. */
function spansOf(input: { rule: Rule; starts: Starts | undefined; runs: TokenRuns; length: number }): readonly Span[] {
  const { rule, starts, runs, length } = input;
  const { run } = rule;
  if (starts) return windows({ starts, rule, runs, length });
  return run?.longest === undefined ? [[0, length]] : aroundRuns({ run, runs, length });
}

/** Spans round the keywords, overlapping ones joined, without those that lack the run of the rule. */
function windows(input: { starts: Starts; rule: Rule; runs: TokenRuns; length: number }): Span[] {
  const { rule, runs, length } = input;
  const { before, after } = rule.window ?? DEFAULT_WINDOW;
  const starts = inOrder(input.starts);
  const found: Span[] = [];
  for (let i = 0; i < starts.length; ) {
    const from = Math.max(0, starts[i]! - before);
    let to = Math.min(length, starts[i + 1]! + after);
    for (i += 2; i < starts.length && starts[i]! - before <= to; i += 2) {
      to = Math.max(to, Math.min(length, starts[i + 1]! + after));
    }
    if (!rule.run || hasRun(runs, { from, to, least: rule.run.least })) found.push([from, to]);
  }
  return found;
}

/** Lots of starts by the first of each. Nearly always they come so. */
function inOrder(starts: Starts): Starts {
  for (let i = 2; i < starts.length; i += 2) {
    if (starts[i]! >= starts[i - 2]!) continue;
    const lots = Array.from({ length: starts.length / 2 }, (_, lot) => starts.slice(2 * lot, 2 * lot + 2));
    return lots.sort(([a], [b]) => a! - b!).flat();
  }
  return starts;
}

/** Spans in which every match lies that has a run, with what stands round it; overlapping ones joined. */
function aroundRuns(input: { run: { least: number; longest?: number }; runs: TokenRuns; length: number }): Span[] {
  const { run, runs, length } = input;
  const reach = (run.longest ?? length) + AROUND_RUN;
  const found: [from: number, to: number][] = [];
  for (let i = 0; i < runs.length; i += 2) {
    if (runs[i + 1]! - runs[i]! < run.least) continue;
    const from = Math.max(0, runs[i]! - reach);
    const to = Math.min(length, runs[i + 1]! + reach);
    const last = found[found.length - 1];
    if (last && from <= last[1]) last[1] = to;
    else found.push([from, to]);
  }
  return found;
}

/** Matches in one window. A match that touches an edge may have been cut: it is searched again in a wider window. */
function matchWindow(input: { text: string; rule: Rule; from: number; to: number }): RuleMatch[] {
  const { text, rule, from, to } = input;
  const slice = text.slice(from, to);
  const regex = searcher(rule.pattern);
  const found: RuleMatch[] = [];
  regex.lastIndex = 0;
  for (let match = regex.exec(slice); match; match = regex.exec(slice)) {
    const cut = (match.index === 0 && from > 0) || (match.index + match[0].length === slice.length && to < text.length);
    if (cut && to - from < WIDEST_WINDOW) {
      const wider = (to - from) * 4;
      return matchWindow({ text, rule, from: Math.max(0, from - wider), to: Math.min(text.length, to + wider) });
    }
    const [start, end] = secretSpan(match);
    if (end > start && accepts(rule, match[0], slice.slice(start, end))) {
      const matchStart = from + match.index;
      found.push({ rule, start: from + start, end: from + end, matchStart, matchEnd: matchStart + match[0].length });
    }
    // Continue behind the secret, not behind the whole match: the next one may start in the context of this one.
    regex.lastIndex = Math.max(end, match.index + widthAt(slice, match.index));
  }
  return found;
}

/** Code units of the character at `index`: with the flag `u` a search that starts inside a pair steps back to its start. */
function widthAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

const searchers = new WeakMap<RegExp, RegExp>();

/** `pattern` as it is searched with: all matches, with the places of their groups. Made once, so its `lastIndex` is shared. */
export function searcher(pattern: RegExp): RegExp {
  let regex = searchers.get(pattern);
  if (!regex) {
    regex = new RegExp(pattern.source, `${pattern.flags.replace(/[dgy]/g, '')}dg`);
    searchers.set(pattern, regex);
  }
  return regex;
}

/** The group named `secret`, else the first group with text in it, else the whole match. */
function secretSpan(match: RegExpExecArray): readonly [number, number] {
  const indices = match.indices!;
  return indices.groups?.secret ?? indices.slice(1).find((span) => span && span[1] > span[0]) ?? indices[0]!;
}

function accepts(rule: Rule, match: string, secret: string): boolean {
  if (rule.entropy !== undefined && entropy(secret) < rule.entropy) return false;
  if (rule.stopwords) {
    const lower = secret.toLowerCase();
    if (rule.stopwords.some((word) => lower.includes(word))) return false;
  }
  return rule.validator === undefined || validators[rule.validator]!(secret, { text: match });
}
