import { findKeywords, matchRules } from '../rules/match.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import type { Candidate, Confidence, Rule, Syntax, TextChunk } from '../types.ts';
import { hasSpace } from '../util/characters.ts';
import { lineTable, placed, placer } from '../util/lines.ts';
import { once } from '../util/once.ts';
import { remembered } from '../util/remembered.ts';
import { type TokenRuns, tokenRuns } from '../util/token-runs.ts';
import { type NamedValue, nameReader } from './by-name.ts';
import { valuesByShape } from './by-shape.ts';
import { bucketHost, valueInUrl, valueInUserFlag } from './by-url.ts';
import { type CompanyMatch, type PartSpan, withCompanions } from './companions.ts';
import { ownName } from './own-name.ts';
import { createSpanIndex, type SpanIndex } from './span-index.ts';

/** So many candidates of one text are looked at: more is data that nobody wrote, or text that is meant to be slow. */
export const MOST_CANDIDATES = 50_000;

/** A candidate before it has a line number: only a span, and how it was found. */
interface Span {
  start: number;
  end: number;
  name?: string | undefined;
  syntax: Syntax;
  rules: readonly Rule[];
  match?: string | undefined;
  parts?: readonly PartSpan[] | undefined;
}

/** The candidates of a text, and whether they are all: `false` when there were more than are looked at. */
export interface Candidates {
  candidates: Candidate[];
  complete: boolean;
  /** Ids of rules of the user that took too long in this text: what they would have found is missing. */
  slowRules: readonly string[];
}

/** Every string of `chunk` that is worth judging, in order of place; see `collectCandidates` for how many. */
export function findCandidates(chunk: TextChunk, ruleSet: RuleSet): Candidate[] {
  return collectCandidates(chunk, ruleSet).candidates;
}

/**
 * The strings of `chunk` that are worth judging, in order of place, up to `MOST_CANDIDATES`. Provider rules come first:
 * what they match is one candidate, whatever else is found in the same place.
 */
export function collectCandidates(
  chunk: TextChunk,
  ruleSet: RuleSet,
  runs: TokenRuns = tokenRuns(chunk.text),
): Candidates {
  const { text } = chunk;
  let complete = true;
  const hits = findKeywords(text, ruleSet);
  const slowRules: string[] = [];
  const onSlow = ({ id }: Rule) => void slowRules.push(id);
  const matches = matchRules({ text, ruleSet, path: chunk.logicalPath, hits, runs, onSlow });
  const spans = byProvider(text, withCompanions(text, matches));
  if (ruleSet.generic.length > 0) {
    const generic = genericRuleFinder(ruleSet.generic);
    const add = adder(spans, () => {
      complete = false;
    });
    for (const hit of hits.generic) {
      const found = valueBySyntax(text, hit);
      const rule = found && generic.byId(found.rule);
      if (rule) add({ start: found.start, end: found.end, name: found.name, syntax: 'url', rules: [rule] });
    }
    const named = bestByPlace(text, hits.generic);
    if (!named.complete) complete = false;
    const phrases: NamedValue[] = [];
    const addNamed = ({ start, end, name, syntax }: NamedValue) => {
      const rules = generic.byName(name);
      if (rules) add({ start, end, name, syntax, rules });
    };
    for (const found of named.values.sort(nearestNameFirst)) {
      if (hasSpace(text, found.start, found.end)) phrases.push(found);
      else addNamed(found);
    }
    // What looks random in a binary file is most often just that.
    for (const { start, end, isUuid } of chunk.encoding === 'binary' ? [] : valuesByShape(text, runs)) {
      const rule = generic.byId(isUuid ? 'generic-uuid' : 'generic-token-shape');
      if (!rule) continue;
      // A name is only looked for where there is none.
      const name = spans.overlapping(start, end)?.name === undefined ? ownName(text, start) : undefined;
      add({ start, end, name, syntax: 'token', rules: [rule] });
    }
    // Last, so that `"Authorization: Basic …"` in quotes does not hide the value inside.
    for (const found of phrases) addNamed(found);
  }
  return { candidates: candidatesOf(chunk, spans.all), complete, slowRules };
}

const STRENGTH: Record<Confidence, number> = { certain: 0, likely: 1, hint: 2 };

/** Provider matches by span, overlapping ones joined under the strongest. */
function byProvider(text: string, matches: readonly CompanyMatch[]): SpanIndex<Span> {
  const spans = createSpanIndex<Span>();
  const order = [...matches].sort(
    (a, b) =>
      STRENGTH[a.rule.confidence] - STRENGTH[b.rule.confidence] ||
      b.end - b.start - (a.end - a.start) ||
      a.start - b.start ||
      (a.rule.id < b.rule.id ? -1 : 1),
  );
  for (const { rule, start, end, matchStart, matchEnd, parts } of order) {
    const same = spans.overlapping(start, end);
    if (same) {
      same.rules = [...same.rules.filter((r) => r.id !== rule.id), rule];
      if (same.start === start && same.end === end && !same.parts?.length) same.parts = parts;
    } else {
      const match = text.slice(matchStart, matchEnd);
      spans.insert({ start, end, syntax: 'provider', rules: [rule], match, parts });
    }
  }
  return spans;
}

/** Adds a span unless it overlaps one that is there; that one takes over the name if it has none. */
function adder(spans: SpanIndex<Span>, onFull: () => void): (span: Span) => void {
  return (span) => {
    if (spans.all.length >= MOST_CANDIDATES) return onFull();
    const same = spans.overlapping(span.start, span.end);
    if (!same) spans.insert(span);
    else if (same.name === undefined && span.name !== undefined) same.name = span.name;
  };
}

/** The values that names are bound to: for each place that of the best name, as many as are looked at. */
function bestByPlace(text: string, hits: readonly number[]): { values: NamedValue[]; complete: boolean } {
  const best = new Map<number, NamedValue>();
  const names = nameReader(text);
  for (const hit of hits) {
    for (const found of names.valuesAt(hit)) {
      const other = best.get(found.start);
      if (!other || nearestNameFirst(found, other) < 0) best.set(found.start, found);
    }
    if (best.size >= MOST_CANDIDATES) return { values: [...best.values()], complete: false };
  }
  return { values: [...best.values()], complete: true };
}

/** Bound values first, as they stand; then those that only come behind a name, the nearest name first. */
function nearestNameFirst(a: NamedValue, b: NamedValue): number {
  return Number(b.direct) - Number(a.direct) || (a.direct ? a.start - b.start : b.nameStart - a.nameStart);
}

/** Values told by their syntax alone, where a trigger of that syntax starts at `hit`. */
function valueBySyntax(text: string, hit: number) {
  switch (text[hit]) {
    case ':':
      return valueInUrl(text, hit);
    case '-':
      return valueInUserFlag(text, hit);
    case '.':
      return bucketHost(text, hit);
    default:
      return undefined;
  }
}

/** Finds rules of the generic extractor. The rules of a name come as the list that a candidate of that name has. */
interface GenericRuleFinder {
  byId(id: string): Rule | undefined;
  byName(name: string): readonly Rule[] | undefined;
}

const finders = new WeakMap<readonly Rule[], GenericRuleFinder>();

function genericRuleFinder(rules: readonly Rule[]): GenericRuleFinder {
  const known = finders.get(rules);
  if (known) return known;
  const named = rules.filter(({ pattern }) => pattern.source !== '^$');
  const finder: GenericRuleFinder = {
    byId: (id) => rules.find((rule) => rule.id === id),
    byName: remembered((name) => {
      const rule = named.find(({ pattern }) => pattern.test(name));
      return rule && [rule];
    }),
  };
  finders.set(rules, finder);
  return finder;
}

function candidatesOf(chunk: TextChunk, spans: readonly Span[]): Candidate[] {
  const { text, firstLine } = chunk;
  const place = placer(text, firstLine);
  const lines = once(() => lineTable(text));
  return spans.map((span) => {
    const { name, syntax, rules, match, parts = [] } = span;
    const { start, end, line, endLine, column, endColumn } = place(span.start, span.end);
    const value = text.slice(start, end);
    const found: Candidate = {
      chunk,
      start,
      end,
      line,
      endLine,
      column,
      endColumn,
      value,
      syntax,
      rules,
      encodings: [],
    };
    if (name !== undefined) found.name = name;
    if (match !== undefined) found.match = match;
    if (parts.length > 0) {
      found.parts = parts.map((part) => ({ ...part, ...placed({ ...part, firstLine, lines: lines() }) }));
    }
    return found;
  });
}
