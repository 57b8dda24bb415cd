import { complement, EVERYTHING, foldCase, type Ranges } from './char-set.ts';

/** One character out of a set. */
export interface Chars {
  kind: 'chars';
  /** In normal form, as written: before case folding and negation. */
  ranges: Ranges;
  /** Unicode properties in the set, as JavaScript writes them: `\p{L}`. */
  properties: readonly string[];
  negated: boolean;
  /** Written where case does not matter. */
  fold: boolean;
}

/** A pattern as a tree. Inline flags are worked in: no node depends on a flag around it. */
export type Node =
  | Chars
  | { kind: 'seq'; items: readonly Node[] }
  | { kind: 'alt'; items: readonly Node[] }
  | { kind: 'repeat'; item: Node; min: number; max: number; lazy: boolean }
  | { kind: 'group'; item: Node; index: number }
  | { kind: 'assert'; what: Assertion }
  | { kind: 'look'; item: Node; ahead: boolean; negative: boolean }
  | { kind: 'backref'; index: number };

export type Assertion = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'boundary' | 'noBoundary';

/** A parsed pattern: the tree, and for each capturing group its name (`groups[0]` is the whole match). */
export interface ParsedPattern {
  tree: Node;
  groups: readonly (string | undefined)[];
}

/** What a pattern of this project's users is written in. `any`: Go and what JavaScript adds to it (lookaround, `\1`). */
export type Dialect = 'go' | 'any';

/** The pattern is not valid; the message says why, without the pattern. Never leaves this folder. */
export class PatternError extends Error {}

/** The set that a node matches in the end. Unicode properties count as everything: right for questions of overlap. */
export function effectiveRanges(chars: Chars): Ranges {
  if (chars.properties.length > 0) return EVERYTHING;
  const ranges = chars.fold ? foldCase(chars.ranges) : chars.ranges;
  return chars.negated ? complement(ranges) : ranges;
}

/** Calls `visit` for every node of the tree, parents first. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  if ('items' in node) for (const item of node.items) walk(item, visit);
  else if ('item' in node) walk(node.item, visit);
}
