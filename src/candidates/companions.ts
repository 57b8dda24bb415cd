import { type RuleMatch, searcher } from '../rules/match.ts';
import type { Companion, Rule } from '../types.ts';
import { firstIndex } from '../util/halving.ts';

/** A match of a rule with what was found of its companions. */
export interface CompanyMatch extends RuleMatch {
  parts: readonly PartSpan[];
}

/** What was found of a companion, in UTF-16 code units of the text. */
export interface PartSpan {
  role: string;
  rule?: Rule;
  start: number;
  end: number;
}

const USUAL_LINES = 8;
/** So far away, in UTF-16 code units, a pattern is searched for. */
const REACH = 4096;

/** Gives each match its companions: of each the nearest. A match that lacks a required one is left out. */
export function withCompanions(text: string, matches: readonly RuleMatch[]): CompanyMatch[] {
  if (!matches.some(({ rule }) => rule.companions)) return matches.map((match) => ({ ...match, parts: [] }));
  const byRule = new Map<string, RuleMatch[]>();
  for (const match of [...matches].sort((a, b) => a.start - b.start)) {
    const same = byRule.get(match.rule.id);
    if (same) same.push(match);
    else byRule.set(match.rule.id, [match]);
  }
  const around = { text, byRule };
  return matches.flatMap((match) => {
    const { companions = [] } = match.rule;
    const found = companions.map((companion) => ({ companion, part: nearest({ match, companion, ...around }) }));
    if (found.some(({ companion, part }) => companion.required && !part)) return [];
    return [{ ...match, parts: found.flatMap(({ part }) => part ?? []) }];
  });
}

interface Search {
  match: RuleMatch;
  companion: Companion;
  text: string;
  byRule: ReadonlyMap<string, readonly RuleMatch[]>;
}

function nearest({ match, companion, text, byRule }: Search): PartSpan | undefined {
  const { role, rules = [], pattern, lines = USUAL_LINES } = companion;
  const reach = linesAround({ text, start: match.start, end: match.end, lines });
  const spans = rules
    .flatMap((id) => within(byRule.get(id) ?? [], reach))
    .map(({ rule, start, end }): PartSpan => ({ role, rule, start, end }));
  if (pattern) {
    const from = Math.max(reach.start, match.start - REACH);
    const near = text.slice(from, Math.min(reach.end, match.end + REACH));
    for (const [start, end] of spansOf(pattern, near)) spans.push({ role, start: from + start, end: from + end });
  }
  // A secret is not its own companion, and neither is what a wider rule makes of it.
  const others = spans.filter(({ start, end }) => end <= match.start || start >= match.end);
  const distance = ({ start, end }: PartSpan) => (end <= match.start ? match.start - end : start - match.end);
  return others.sort((a, b) => distance(a) - distance(b) || a.start - b.start)[0];
}

/** Of matches in order of their starts, those in a stretch of the text. */
function within(matches: readonly RuleMatch[], reach: { start: number; end: number }): readonly RuleMatch[] {
  const first = firstIndex(matches.length, (i) => matches[i]!.start >= reach.start);
  const last = firstIndex(matches.length, (i) => matches[i]!.start >= reach.end);
  return matches.slice(first, last).filter(({ end }) => end <= reach.end);
}

/** The lines of a span, and as many before and after it. */
function linesAround(input: { text: string; start: number; end: number; lines: number }) {
  const { text, lines } = input;
  let { start, end } = input;
  for (let i = 0; i <= lines && start > 0; i++) start = text.lastIndexOf('\n', start - 1);
  for (let i = 0; i <= lines && end < text.length; i++) {
    const next = text.indexOf('\n', end);
    end = next < 0 ? text.length : next + 1;
  }
  return { start: start <= 0 ? 0 : start + 1, end };
}

function* spansOf(pattern: RegExp, text: string): Generator<readonly [number, number]> {
  const regex = searcher(pattern);
  regex.lastIndex = 0;
  for (const { indices } of text.matchAll(regex)) {
    const [start, end] = indices!.groups?.part ?? indices![0]!;
    if (end > start) yield [start, end];
  }
}
