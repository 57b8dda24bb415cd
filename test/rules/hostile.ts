import type { Ranges } from '../../src/config/pattern/char-set.ts';
import { intersect } from '../../src/config/pattern/char-set.ts';
import { effectiveRanges, type Node } from '../../src/config/pattern/tree.ts';

/** A piece of a pattern on one way through it: a set of characters and how many of them. */
export interface Step {
  ranges: Ranges;
  min: number;
  max: number;
}

/** So many ways through alternatives and optional parts are tried. */
const MOST_WAYS = 6;
/** In texts: first those that are in many classes. */
const PREFERRED = 'a0A_- ="\'./:+\n\t\\,;(){}<>@#!x';
/** Repeats with this much freedom are where a backtracking engine has choices. */
const FREE = 6;

/**
 * Texts of about `size` code units that are hard on a backtracking engine: made of the pattern itself, from beginnings
 * of a match that go on in a way that nearly fits. The first is a control that only repeats the shortest match.
 */
export function hostileTexts(tree: Node, size: number): string[] {
  const texts = new Set<string>();
  for (const steps of ways(tree)) {
    const pieces = steps.map((step) => shortest(step));
    const whole = pieces.join('');
    texts.add(fill(whole, size));
    texts.add(fill(whole.slice(0, -1), size));
    for (const [i, step] of steps.entries()) {
      if (step.max - step.min < FREE) continue;
      const before = pieces.slice(0, i).join('');
      const room = Math.min(step.max, 400);
      for (const pump of pumps(steps, i)) {
        // One beginning and a long tail, and beginnings again and again, each with as much as the repeat can take.
        texts.add(`${before}${fill(pump, size)}`);
        texts.add(fill(before + fill(pump, room), size));
        texts.add(fill(before + pump, size));
      }
    }
  }
  return [...texts];
}

function fill(piece: string, size: number): string {
  return piece === '' ? '' : piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
}

/** What a free repeat can be filled with: a character that many later parts take as well, and what later parts begin with. */
function pumps(steps: readonly Step[], at: number): string[] {
  const own = steps[at]!.ranges;
  const rest = steps.slice(at + 1);
  const chars = [...PREFERRED, char(own)].filter((c) => has(own, c));
  const shared = (c: string) => rest.filter((step) => step.max - step.min >= FREE && has(step.ranges, c)).length;
  const best = [...chars].sort((a, b) => shared(b) - shared(a)).slice(0, 2);
  const follow = rest.map((step) => shortest(step)).join('');
  const fits = [...follow].findIndex((c) => !has(own, c));
  const echo = follow.slice(0, fits < 0 ? 40 : Math.min(fits, 40));
  const mixed = best[0] !== undefined && echo !== '' ? [echo, echo + best[0].repeat(12)] : [];
  return [...new Set([...best, ...mixed])].filter((pump) => pump !== '');
}

function has(ranges: Ranges, c: string): boolean {
  const code = c.codePointAt(0)!;
  return ranges.some(([first, last]) => code >= first && code <= last);
}

function char(ranges: Ranges): string {
  for (const c of PREFERRED) if (has(ranges, c)) return c;
  const shown = intersect(ranges, [[33, 126]])[0] ?? ranges[0] ?? [97, 97];
  return String.fromCodePoint(shown[0]);
}

function shortest(step: Step): string {
  return char(step.ranges).repeat(Math.min(step.min, 64));
}

/** The ways through a pattern, lookarounds apart. */
function ways(tree: Node): Step[][] {
  return expand(tree).slice(0, MOST_WAYS);
}

function expand(node: Node): Step[][] {
  switch (node.kind) {
    case 'chars':
      return [[{ ranges: effectiveRanges(node), min: 1, max: 1 }]];
    case 'group':
      return expand(node.item);
    case 'assert':
    case 'look':
    case 'backref':
      return [[]];
    case 'alt':
      return node.items.flatMap((item) => expand(item).slice(0, 2)).slice(0, MOST_WAYS);
    case 'seq': {
      let all: Step[][] = [[]];
      for (const item of node.items) {
        const next = expand(item);
        all =
          all.length * next.length <= MOST_WAYS
            ? all.flatMap((way) => next.map((more) => [...way, ...more]))
            : all.map((way, i) => [...way, ...next[i % next.length]!]);
      }
      return all;
    }
    case 'repeat': {
      const inner = expand(node.item);
      if (inner.length > 0 && inner[0]!.length === 1 && inner[0]![0]!.max === 1) {
        return [[{ ...inner[0]![0]!, min: node.min, max: node.max }]];
      }
      const with1 = inner.map((way) => Array.from({ length: Math.max(1, Math.min(node.min, 4)) }, () => way).flat());
      return node.min === 0 ? [...with1.slice(0, 2), []] : with1;
    }
  }
}
