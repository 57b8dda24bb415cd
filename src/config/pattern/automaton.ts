import { EVERYTHING, type Ranges } from './char-set.ts';
import { effectiveRanges, type Node } from './tree.ts';

/** The places in a loop where a character is read, and which places can follow which. */
export interface LoopAutomaton {
  sets: readonly Ranges[];
  next: readonly (readonly number[])[];
  /** Some place follows another in more than one way: two loops in one another, or two ways to match nothing. */
  doubled: boolean;
}

/** Places that a piece of the pattern starts and ends with, and in how many ways it can match nothing (2: or more). */
interface Piece {
  first: readonly number[];
  last: readonly number[];
  empty: number;
}

const MOST_PLACES = 300;

/** The automaton of `(?:item)+`; undefined when it would be too large even with its counts cut down. */
export function loopAutomaton(item: Node): LoopAutomaton | undefined {
  for (const mostCopies of [40, 12, 3]) {
    const sets: Ranges[] = [];
    const next: number[][] = [];
    const build = { sets, next, doubled: false, mostCopies };
    const piece = add(item, build);
    if (!piece) continue;
    connect(build, piece.last, piece.first);
    return { sets, next, doubled: build.doubled };
  }
  return undefined;
}

interface Build {
  sets: Ranges[];
  next: number[][];
  doubled: boolean;
  mostCopies: number;
}

function connect(build: Build, from: readonly number[], to: readonly number[]): void {
  for (const a of from) {
    for (const b of to) {
      if (build.next[a]!.includes(b)) build.doubled = true;
      else build.next[a]!.push(b);
    }
  }
}

const NOTHING: Piece = { first: [], last: [], empty: 1 };

function add(node: Node, build: Build): Piece | undefined {
  switch (node.kind) {
    case 'chars':
      return place(build, effectiveRanges(node));
    case 'backref':
      return place(build, EVERYTHING);
    case 'assert':
    case 'look':
      return NOTHING;
    case 'group':
      return add(node.item, build);
    case 'seq':
      return chain(
        build,
        node.items.map((item) => () => add(item, build)),
      );
    case 'alt': {
      const pieces = node.items.map((item) => add(item, build));
      if (!pieces.every((piece) => piece !== undefined)) return undefined;
      return {
        first: pieces.flatMap((piece) => piece.first),
        last: pieces.flatMap((piece) => piece.last),
        empty: Math.min(
          2,
          pieces.reduce((sum, piece) => sum + piece.empty, 0),
        ),
      };
    }
    case 'repeat':
      return addRepeat(node, build);
  }
}

function place(build: Build, ranges: Ranges): Piece | undefined {
  if (build.sets.length >= MOST_PLACES) return undefined;
  const number = build.sets.push(ranges) - 1;
  build.next.push([]);
  return { first: [number], last: [number], empty: 0 };
}

function addRepeat({ item, min, max }: Extract<Node, { kind: 'repeat' }>, build: Build): Piece | undefined {
  const required = Math.min(min, build.mostCopies);
  const endless = max === Number.POSITIVE_INFINITY;
  const optional = endless ? 0 : Math.min(max - min, build.mostCopies - Math.min(required, build.mostCopies - 1));
  const copy = () => add(item, build);
  const parts = Array.from({ length: endless ? Math.max(required, 1) : required }, () => copy);
  if (endless) {
    const last = parts.pop()!;
    parts.push(() => {
      const piece = last();
      if (piece) connect(build, piece.last, piece.first);
      // A round that matches nothing is not repeated, and not counted where none is required.
      return piece && { ...piece, empty: min === 0 ? 1 : piece.empty };
    });
  }
  if (max > min && !endless && optional > 0) parts.push(() => optionalChain(build, copy, optional));
  return chain(build, parts);
}

/** `(x(x(x)?)?)?`: each copy only behind the one before it, so that skipping is possible in one way only. */
function optionalChain(build: Build, copy: () => Piece | undefined, count: number): Piece | undefined {
  const head = copy();
  if (!head) return undefined;
  if (count === 1) return { ...head, empty: 1 };
  const rest = optionalChain(build, copy, count - 1);
  if (!rest) return undefined;
  connect(build, head.last, rest.first);
  return { first: head.first, last: [...head.last, ...rest.last], empty: 1 };
}

function chain(build: Build, parts: readonly (() => Piece | undefined)[]): Piece | undefined {
  let whole: Piece = NOTHING;
  for (const part of parts) {
    const piece = part();
    if (!piece) return undefined;
    connect(build, whole.last, piece.first);
    whole = {
      first: whole.empty ? [...whole.first, ...times(piece.first, whole.empty)] : whole.first,
      last: piece.empty ? [...piece.last, ...times(whole.last, piece.empty)] : piece.last,
      empty: Math.min(2, whole.empty * piece.empty),
    };
  }
  return whole;
}

/** Entries once for each way, so that `connect` notices the second one. */
function times(places: readonly number[], ways: number): readonly number[] {
  return ways > 1 ? [...places, ...places] : places;
}
