import { findKeywords, matchRules } from '../rules/match.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import type { Candidate, Confidence, Rule, Syntax, TextChunk } from '../types.ts';
import { type LineTable, lineTable, placed } from '../util/lines.ts';
import { type NamedValue, valuesByName } from './by-name.ts';
import { isUuid, valuesByShape } from './by-shape.ts';
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
  name?: string;
  syntax: Syntax;
  rules: readonly Rule[];
  match?: string;
  parts?: readonly PartSpan[];
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
export function collectCandidates(chunk: TextChunk, ruleSet: RuleSet): Candidates {
  const { text } = chunk;
  let complete = true;
  const hits = findKeywords(text, ruleSet);
  const slowRules: string[] = [];
  const onSlow = ({ id }: Rule) => void slowRules.push(id);
  const matches = matchRules({ text, ruleSet, path: chunk.logicalPath, hits, onSlow });
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
    const [phrases, words] = partition(named.values.sort(nearestNameFirst), (found) =>
      /\s/.test(text.slice(found.start, found.end)),
    );
    for (const found of words) {
      const rule = generic.byName(found.name);
      if (rule) add({ ...found, rules: [rule] });
    }
    // What looks random in a binary file is most often just that.
    for (const found of chunk.encoding === 'binary' ? [] : valuesByShape(text)) {
      const rule = generic.byId(isUuid(text.slice(found.start, found.end)) ? 'generic-uuid' : 'generic-token-shape');
      const name = ownName(text, found.start);
      if (rule) add({ ...found, ...(name === undefined ? {} : { name }), syntax: 'token', rules: [rule] });
    }
    // Last, so that `"Authorization: Basic …"` in quotes does not hide the value inside.
    for (const found of phrases) {
      const rule = generic.byName(found.name);
      if (rule) add({ ...found, rules: [rule] });
    }
  }
  const lines = spans.all.length > 0 ? lineTable(text) : [0];
  return { candidates: spans.all.map((span) => candidate(chunk, lines, span)), complete, slowRules };
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
  for (const hit of hits) {
    for (const found of valuesByName(text, hit)) {
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

function partition<T>(items: readonly T[], test: (item: T) => boolean): [yes: T[], no: T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
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

function genericRuleFinder(rules: readonly Rule[]) {
  return {
    byId: (id: string) => rules.find((rule) => rule.id === id),
    byName: (name: string) => rules.find((rule) => rule.pattern.source !== '^$' && rule.pattern.test(name)),
  };
}

function candidate(chunk: TextChunk, lines: LineTable, span: Span): Candidate {
  const { start, end, parts = [] } = span;
  return {
    chunk,
    ...placed({ start, end, firstLine: chunk.firstLine, lines }),
    value: chunk.text.slice(span.start, span.end),
    ...(span.name === undefined ? {} : { name: span.name }),
    syntax: span.syntax,
    rules: span.rules,
    ...(span.match === undefined ? {} : { match: span.match }),
    ...(parts.length === 0
      ? {}
      : { parts: parts.map((part) => ({ ...part, ...placed({ ...part, firstLine: chunk.firstLine, lines }) })) }),
    encodings: [],
  };
}
