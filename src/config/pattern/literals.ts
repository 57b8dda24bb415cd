import { effectiveRanges, type Node } from './tree.ts';

/** Shorter texts stand in every other line. */
const SHORTEST = 3;
const MOST_ALTERNATIVES = 24;
const LONGEST = 40;

/** What is known of a piece: all texts it matches, if they are few, and sets of texts of which every match has one. */
interface Known {
  exact?: readonly string[] | undefined;
  required: readonly (readonly string[])[];
}

/**
 * Sets of lower-case ASCII texts of three characters or more. For each set it holds that every match of the pattern
 * contains one of its texts, case ignored. Best set (long texts, few of them) first; empty when there is none.
 */
export function requiredTexts(tree: Node): readonly (readonly string[])[] {
  const { exact, required } = explore(tree);
  const sets = [...required, ...asSet(exact)].map((set) => [...new Set(set)]);
  return sets.sort((a, b) => shortest(b) - shortest(a) || a.length - b.length);
}

function shortest(set: readonly string[]): number {
  return Math.min(...set.map((text) => text.length));
}

function asSet(exact: readonly string[] | undefined): readonly (readonly string[])[] {
  return exact && exact.length > 0 && shortest(exact) >= SHORTEST ? [exact] : [];
}

function explore(node: Node): Known {
  switch (node.kind) {
    case 'chars':
      return { exact: letters(node), required: [] };
    case 'group':
      return explore(node.item);
    case 'assert':
    case 'look':
      return { exact: [''], required: [] };
    case 'backref':
      return { required: [] };
    case 'seq':
      return sequence(node.items.map(explore));
    case 'alt':
      return alternatives(node.items.map(explore));
    case 'repeat':
      return repeat(node);
  }
}

/** The few lower-case letters that a set comes down to. */
function letters(node: Extract<Node, { kind: 'chars' }>): readonly string[] | undefined {
  const found = new Set<string>();
  for (const [first, last] of effectiveRanges(node)) {
    if (last > 126 || last - first > 8) return undefined;
    for (let code = first; code <= last; code++) found.add(String.fromCharCode(code).toLowerCase());
  }
  return found.size > 0 && found.size <= 4 ? [...found] : undefined;
}

function sequence(parts: readonly Known[]): Known {
  const required: (readonly string[])[] = [];
  let run: readonly string[] = [''];
  let whole = true;
  for (const { exact, required: inner } of parts) {
    required.push(...inner);
    const longer = exact && run.length * exact.length <= MOST_ALTERNATIVES;
    const texts = longer ? run.flatMap((text) => exact.map((more) => text + more)) : undefined;
    if (texts?.every((text) => text.length <= LONGEST)) run = texts;
    else {
      required.push(...asSet(run));
      run = exact ?? [''];
      whole = false;
    }
  }
  if (whole) return { exact: run, required };
  return { required: [...required, ...asSet(run)] };
}

function alternatives(parts: readonly Known[]): Known {
  const exact = parts.flatMap((part) => part.exact ?? []);
  if (parts.every((part) => part.exact) && exact.length <= MOST_ALTERNATIVES) return { exact, required: [] };
  const best = parts.map(({ exact: texts, required }) => [...required, ...asSet(texts)]);
  const union = best.flatMap((sets) => sets.sort((a, b) => shortest(b) - shortest(a) || a.length - b.length)[0] ?? []);
  const complete = best.every((sets) => sets.length > 0) && union.length <= MOST_ALTERNATIVES;
  return { required: complete ? [union] : [] };
}

function repeat({ item, min, max }: Extract<Node, { kind: 'repeat' }>): Known {
  const { exact, required } = explore(item);
  if (min === 0) return max === 1 && exact ? { exact: ['', ...exact], required: [] } : { required: [] };
  const once = { exact, required };
  if (min === max && min <= 8) return sequence(Array.from({ length: min }, () => once));
  return { required: [...required, ...asSet(exact)] };
}

/** The most UTF-16 code units that a match, with the context its lookarounds see, can span; Infinity without limit. */
export function longestMatch(node: Node): number {
  switch (node.kind) {
    case 'chars':
      return 1;
    case 'assert':
      return 0;
    case 'backref':
      return Number.POSITIVE_INFINITY;
    case 'group':
    case 'look':
      return longestMatch(node.item);
    case 'seq':
      return node.items.reduce((sum, item) => sum + longestMatch(item), 0);
    case 'alt':
      return Math.max(...node.items.map(longestMatch));
    case 'repeat': {
      const one = longestMatch(node.item);
      return one === 0 ? 0 : one * node.max;
    }
  }
}

/** Whether the pattern can match without taking a character. */
export function matchesNothing(node: Node): boolean {
  switch (node.kind) {
    case 'chars':
      return false;
    case 'seq':
      return node.items.every(matchesNothing);
    case 'alt':
      return node.items.some(matchesNothing);
    case 'group':
      return matchesNothing(node.item);
    case 'repeat':
      return node.min === 0 || matchesNothing(node.item);
    default:
      return true;
  }
}
