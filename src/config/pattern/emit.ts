import { complement, foldCase, LAST_CODE_POINT, PERL_CLASSES, type Ranges, sameRanges } from './char-set.ts';
import { type Assertion, type Chars, effectiveRanges, type Node, walk } from './tree.ts';

interface Style {
  ignoreCase: boolean;
  unicode: boolean;
  names: readonly (string | undefined)[];
}

/**
 * The JavaScript pattern of a tree. `names`: names to give to the groups, by number. The flag `i` is used when case
 * matters nowhere, `u` only where a code unit at a time would be wrong.
 */
export function emitPattern(tree: Node, names: readonly (string | undefined)[] = []): RegExp {
  const sets: Chars[] = [];
  walk(tree, (node) => {
    if (node.kind === 'chars') sets.push(node);
  });
  const cased = sets.filter((chars) => chars.properties.length > 0 || hasCase(chars.ranges));
  const ignoreCase = cased.length > 0 && cased.every((chars) => chars.fold);
  const unicode = sets.some((chars) => chars.properties.length > 0 || splitsPairs(effectiveRanges(chars)));
  return new RegExp(emit(tree, { ignoreCase, unicode, names }), `${ignoreCase ? 'i' : ''}${unicode ? 'u' : ''}`);
}

const FIRST_SURROGATE = 0xd800;

function hasCase(ranges: Ranges): boolean {
  return !sameRanges(foldCase(ranges), ranges);
}

/** Whether some characters beyond 16 bits are in the set and others are not. */
function splitsPairs(ranges: Ranges): boolean {
  const [first, last] = ranges.at(-1) ?? [0, 0];
  return last > 0xffff && !(first <= FIRST_SURROGATE && last === LAST_CODE_POINT);
}

function emit(node: Node, style: Style): string {
  switch (node.kind) {
    case 'chars':
      return emitChars(node, style);
    case 'seq':
      return node.items.map((item) => (item.kind === 'alt' ? `(?:${emit(item, style)})` : emit(item, style))).join('');
    case 'alt':
      return node.items.map((item) => emit(item, style)).join('|');
    case 'group': {
      const name = style.names[node.index];
      return `(${name === undefined ? '' : `?<${name}>`}${emit(node.item, style)})`;
    }
    case 'repeat': {
      const inner = emit(node.item, style);
      const single = node.item.kind === 'chars' || node.item.kind === 'group';
      return `${single ? inner : `(?:${inner})`}${counts(node.min, node.max)}${node.lazy ? '?' : ''}`;
    }
    case 'look':
      return `(?${node.ahead ? '' : '<'}${node.negative ? '!' : '='}${emit(node.item, style)})`;
    case 'backref':
      return `(?:\\${node.index})`;
    case 'assert':
      return ASSERTIONS[node.what];
  }
}

/** JavaScript's own `m` knows more line ends than Go does. */
const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  start: '^',
  end: '$',
  lineStart: '(?<![^\\n])',
  lineEnd: '(?![^\\n])',
  boundary: '\\b',
  noBoundary: '\\B',
};

function counts(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function emitChars(chars: Chars, { ignoreCase, unicode }: Style): string {
  const ranges = chars.fold && !ignoreCase ? foldCase(chars.ranges) : chars.ranges;
  if (chars.properties.length > 0) {
    return `[${chars.negated ? '^' : ''}${chars.properties.join('')}${ranges.map((r) => range(r, unicode)).join('')}]`;
  }
  // Shown the way round in which people write it: `[^"]`, not all that is no quote.
  const reaches = ranges.at(-1)?.[1] === LAST_CODE_POINT;
  const negated = chars.negated !== reaches;
  const shown = reaches ? complement(ranges) : ranges;
  if (shown.length === 0) return negated ? '[\\s\\S]' : '[]';
  const [first, last] = shown[0]!;
  if (!negated && shown.length === 1 && first === last) return character(first, { unicode, inClass: false });
  for (const letter of ['d', 'w']) {
    // With both flags `\w` would take in two letters that only look like ASCII.
    const plain = letter === 'd' || !(ignoreCase && unicode);
    if (plain && sameRanges(shown, PERL_CLASSES[letter]!)) return `\\${negated ? letter.toUpperCase() : letter}`;
  }
  return `[${negated ? '^' : ''}${shown.map((r) => range(r, unicode)).join('')}]`;
}

function range([first, last]: readonly [number, number], unicode: boolean): string {
  const end = unicode ? last : Math.min(last, 0xffff);
  if (first > end) return '';
  const show = (code: number) => character(code, { unicode, inClass: true });
  if (first === end) return show(first);
  return `${show(first)}${end === first + 1 ? '' : '-'}${show(end)}`;
}

const ESCAPED = new Set('\\^$.*+?()[]{}|');
const ESCAPED_IN_CLASS = new Set('\\^[]-');
const NAMED: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };

function character(code: number, { unicode, inClass }: { unicode: boolean; inClass: boolean }): string {
  const char = String.fromCodePoint(code);
  if ((inClass ? ESCAPED_IN_CLASS : ESCAPED).has(char)) return `\\${char}`;
  if (code >= 0x20 && code < 0x7f) return char;
  if (NAMED[code]) return NAMED[code];
  if (code > 0xffff && unicode) return `\\u{${code.toString(16)}}`;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
