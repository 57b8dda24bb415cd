import { overlaps, type Ranges } from '../config/pattern/char-set.ts';
import { longestMatch } from '../config/pattern/literals.ts';
import { parsePattern } from '../config/pattern/parse.ts';
import { effectiveRanges, type Node } from '../config/pattern/tree.ts';
import type { Rule } from '../types.ts';
import { SHORTEST_RUN } from '../util/token-runs.ts';

/** What is no token character, as code points in order. */
const NO_TOKEN: Ranges = [
  [0, 0x2a],
  [0x2c, 0x2c],
  [0x2e, 0x2e],
  [0x3a, 0x3c],
  [0x3e, 0x40],
  [0x5b, 0x5e],
  [0x60, 0x60],
  [0x7b, 0x10ffff],
];

/** How many token characters stand in a row in everything that a piece of a pattern matches. */
interface Row {
  /** It matches nothing but token characters. */
  pure: boolean;
  /** Characters that it matches at least. */
  least: number;
  /** At its beginning, at its end, and anywhere. */
  first: number;
  last: number;
  longest: number;
}

const NOTHING: Row = { pure: true, least: 0, first: 0, last: 0, longest: 0 };
const ANYTHING: Row = { ...NOTHING, pure: false };

/** The run of token characters without which `pattern` matches nowhere; undefined when there is none worth asking for. */
export function requiredRun(pattern: RegExp): Rule['run'] {
  const { source, flags } = pattern;
  // With both flags two characters outside of ASCII count as a `k` and an `s`.
  if (flags.includes('i') && flags.includes('u')) return undefined;
  const { tree } = parsePattern(source, { dialect: 'any', flags: flags.replace(/[^ims]/g, '') });
  const least = rowOf(tree).longest;
  if (least < SHORTEST_RUN) return undefined;
  const longest = longestMatch(tree);
  return Number.isFinite(longest) ? { least, longest } : { least };
}

function rowOf(node: Node): Row {
  switch (node.kind) {
    case 'chars':
      return overlaps(effectiveRanges(node), NO_TOKEN)
        ? { ...ANYTHING, least: 1 }
        : { pure: true, least: 1, first: 1, last: 1, longest: 1 };
    case 'assert':
    case 'look':
      return NOTHING;
    case 'backref':
      return ANYTHING;
    case 'group':
      return rowOf(node.item);
    case 'seq':
      return node.items.map(rowOf).reduce(joined, NOTHING);
    case 'alt':
      return node.items.map(rowOf).reduce(common);
    case 'repeat':
      return repeated(rowOf(node.item), node.min);
  }
}

function joined(a: Row, b: Row): Row {
  return {
    pure: a.pure && b.pure,
    least: a.least + b.least,
    first: a.pure ? a.least + b.first : a.first,
    last: b.pure ? b.least + a.last : b.last,
    longest: Math.max(a.longest, b.longest, a.last + b.first),
  };
}

function common(a: Row, b: Row): Row {
  return {
    pure: a.pure && b.pure,
    least: Math.min(a.least, b.least),
    first: Math.min(a.first, b.first),
    last: Math.min(a.last, b.last),
    longest: Math.min(a.longest, b.longest),
  };
}

function repeated(item: Row, times: number): Row {
  if (times === 0) return { ...NOTHING, pure: item.pure };
  const least = item.least * times;
  if (item.pure) return { pure: true, least, first: least, last: least, longest: least };
  return { ...item, least, longest: times > 1 ? Math.max(item.longest, item.last + item.first) : item.longest };
}
