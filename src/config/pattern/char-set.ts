/** Code point ranges, both ends included; sorted, disjoint and not adjacent once through `normalise`. */
export type Ranges = readonly (readonly [first: number, last: number])[];

export const LAST_CODE_POINT = 0x10ffff;
export const EVERYTHING: Ranges = [[0, LAST_CODE_POINT]];

/** The same set in normal form. */
export function normalise(ranges: Ranges): Ranges {
  const out: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const previous = out.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else out.push([first, last]);
  }
  return out;
}

/** Every code point that is not in `ranges` (normal form). */
export function complement(ranges: Ranges): Ranges {
  const out: [number, number][] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first > next) out.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST_CODE_POINT) out.push([next, LAST_CODE_POINT]);
  return out;
}

/** What two sets in normal form share. */
export function intersect(a: Ranges, b: Ranges): Ranges {
  const out: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const first = Math.max(a[i]![0], b[j]![0]);
    const last = Math.min(a[i]![1], b[j]![1]);
    if (first <= last) out.push([first, last]);
    if (a[i]![1] < b[j]![1]) i++;
    else j++;
  }
  return out;
}

/** Whether two sets in normal form share a code point. */
export function overlaps(a: Ranges, b: Ranges): boolean {
  return intersect(a, b).length > 0;
}

/** Ranges wider than this (a negated class, a whole script) are closed under case as good as always. */
const WIDEST_FOLDED = 1024;

/** `ranges` and the other case of every letter in them: one letter for one letter, ASCII only to ASCII. */
export function foldCase(ranges: Ranges): Ranges {
  const out: [number, number][] = [];
  const shift = (low: number, high: number, by: number) => {
    for (const [first, last] of intersect(ranges, [[low, high]])) out.push([first + by, last + by]);
  };
  shift(65, 90, 32);
  shift(97, 122, -32);
  for (const [first, last] of ranges) {
    if (last - first > WIDEST_FOLDED) continue;
    for (let code = Math.max(first, 128); code <= last; code++) {
      const char = String.fromCodePoint(code);
      for (const other of [char.toLowerCase(), char.toUpperCase()]) {
        const otherCode = other.codePointAt(0)!;
        if (otherCode !== code && otherCode >= 128 && other.length === String.fromCodePoint(otherCode).length) {
          out.push([otherCode, otherCode]);
        }
      }
    }
  }
  return out.length === 0 ? ranges : normalise([...ranges, ...out]);
}

/** Whether two sets in normal form are the same. */
export function sameRanges(a: Ranges, b: Ranges): boolean {
  return a.length === b.length && a.every(([first, last], i) => first === b[i]![0] && last === b[i]![1]);
}

const span = (first: string, last = first) => [first.codePointAt(0)!, last.codePointAt(0)!] as const;

const WORD = [span('0', '9'), span('A', 'Z'), span('_'), span('a', 'z')];

/** `\d`, `\s` and `\w` as Go and RE2 have them: ASCII, and no vertical tab in `\s`. */
export const PERL_CLASSES: Readonly<Record<string, Ranges>> = {
  d: [span('0', '9')],
  s: [span('\t', '\n'), span('\f', '\r'), span(' ')],
  w: WORD,
};

/** The names of `[[:name:]]`. */
export const POSIX_CLASSES: ReadonlyMap<string, Ranges> = new Map<string, Ranges>([
  ['alnum', [span('0', '9'), span('A', 'Z'), span('a', 'z')]],
  ['alpha', [span('A', 'Z'), span('a', 'z')]],
  ['ascii', [[0, 127]]],
  ['blank', [span('\t'), span(' ')]],
  [
    'cntrl',
    [
      [0, 31],
      [127, 127],
    ],
  ],
  ['digit', [span('0', '9')]],
  ['graph', [span('!', '~')]],
  ['lower', [span('a', 'z')]],
  ['print', [span(' ', '~')]],
  ['punct', [span('!', '/'), span(':', '@'), span('[', '`'), span('{', '~')]],
  ['space', [span('\t', '\r'), span(' ')]],
  ['upper', [span('A', 'Z')]],
  ['word', WORD],
  ['xdigit', [span('0', '9'), span('A', 'F'), span('a', 'f')]],
]);
