import { loopAutomaton } from './automaton.ts';
import { intersect, overlaps, type Ranges } from './char-set.ts';
import { effectiveRanges, type Node, walk } from './tree.ts';

/** A repeat with a higher count is as bad as one without end when it is nested in another. */
const AS_GOOD_AS_ENDLESS = 10;
/** In a row, only repeats this long add up. */
const LONG_REPEAT = 64;
/** Repeats of the same characters in a row: the time grows with this power of the length. */
const MOST_IN_A_ROW = 3;

/**
 * Says why a backtracking engine may take for ever on some text, or returns undefined. Two shapes are found: a repeat
 * whose rounds can be divided up in more than one way (`(a+)+`, `(a|a)*`, `(\w+\s?)*`), for which the time doubles
 * with every character, and four or more long repeats of the same characters in a row.
 */
export function findRisk(tree: Node): string | undefined {
  let risk: string | undefined;
  const inspect = (node: Node): void => {
    if (risk) return;
    if (node.kind === 'repeat' && node.max >= AS_GOOD_AS_ENDLESS) {
      if (isAmbiguous(node.item)) {
        risk =
          'a repeat inside a repeat can match the same text in more than one way, which can take for ever on a long line: make what separates the rounds required, or remove one of the repeats';
      }
      // The loop was judged with everything in it, its lookarounds apart.
      walk(node.item, (inner) => {
        if (inner.kind === 'look') inspect(inner.item);
      });
      return;
    }
    if ('items' in node) node.items.forEach(inspect);
    else if ('item' in node) inspect(node.item);
  };
  inspect(tree);
  if (!risk && tooManyInARow(tree)) {
    risk = `more than ${MOST_IN_A_ROW} unlimited repeats of the same characters follow one another, which is far too slow on a long line: give them upper limits or put something else between them`;
  }
  return risk;
}

/**
 * Whether some text leads round the loop on two ways: breadth first through pairs of places reached by the same text,
 * from equal pairs, until an unequal pair falls together again.
 */
function isAmbiguous(item: Node): boolean {
  if (item.kind === 'chars') return false;
  const loop = loopAutomaton(item);
  if (!loop) return false;
  if (loop.doubled) return true;
  const { sets, next } = loop;
  const size = sets.length;
  const touch = sets.map((a) => sets.map((b) => overlaps(a, b)));
  const seen = new Uint8Array(size * size);
  const queue: number[] = [];
  const reach = (p: number, q: number): boolean => {
    for (const a of next[p]!) {
      for (const b of next[q]!) {
        if (a === b ? p !== q : touch[a]![b] && !seen[a * size + b]) {
          if (a === b) return true;
          seen[a * size + b] = 1;
          queue.push(a * size + b);
        }
      }
    }
    return false;
  };
  for (let p = 0; p < size; p++) reach(p, p);
  for (let head = 0; head < queue.length; head++) {
    const pair = queue[head]!;
    if (reach(Math.floor(pair / size), pair % size)) return true;
  }
  return false;
}

/** Follows the pattern from left to right with the characters that the repeats so far have in common. */
function tooManyInARow(tree: Node): boolean {
  let found = false;
  let shared: Ranges = [];
  let count = 0;
  const follow = (node: Node): void => {
    if (node.kind === 'seq') node.items.forEach(follow);
    else if (node.kind === 'group') follow(node.item);
    else if (node.kind === 'chars') narrow(effectiveRanges(node));
    else if (node.kind === 'repeat') {
      const inner = node.item.kind === 'group' ? node.item.item : node.item;
      if (inner.kind === 'chars' && node.max >= LONG_REPEAT && node.max - node.min >= LONG_REPEAT) {
        const ranges = effectiveRanges(inner);
        const common = intersect(shared, ranges);
        shared = common.length > 0 ? common : node.min === 0 && count > 0 ? shared : ranges;
        count = common.length > 0 ? count + 1 : node.min === 0 ? Math.max(count, 1) : 1;
        if (count > MOST_IN_A_ROW) found = true;
      } else if (node.min > 0) {
        if (inner.kind === 'chars') narrow(effectiveRanges(inner));
        else follow(inner);
      }
    } else if (node.kind === 'alt' || node.kind === 'look') {
      const before = { shared, count };
      for (const item of 'items' in node ? node.items : [node.item]) {
        ({ shared, count } = before);
        follow(item);
      }
      if (node.kind === 'look') ({ shared, count } = before);
    }
  };
  const narrow = (ranges: Ranges): void => {
    shared = intersect(shared, ranges);
    if (shared.length === 0) count = 0;
  };
  follow(tree);
  return found;
}
