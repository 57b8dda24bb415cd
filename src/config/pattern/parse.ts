import { EVERYTHING } from './char-set.ts';
import { type Cursor, type Flags, looking, take } from './cursor.ts';
import { parseClass, parseEscapedChar, parseProperty, perlClass } from './parse-class.ts';
import { parseQuantifier, repeated } from './parse-repeat.ts';
import { type Chars, type Dialect, type Node, type ParsedPattern, PatternError } from './tree.ts';

const DEEPEST = 200;
/** Parses RE2 syntax as Go has it (`regexp.Compile`); throws a `PatternError`. `flags` are those set from outside. */
export function parsePattern(source: string, options: { dialect: Dialect; flags?: string }): ParsedPattern {
  const cursor: Cursor = {
    chars: [...source],
    at: 0,
    flags: { i: false, m: false, s: false, U: false },
    dialect: options.dialect,
    groups: [undefined],
    backrefs: [],
    depth: 0,
  };
  for (const flag of options.flags ?? '') setFlag(cursor.flags, flag, true);
  const tree = parseAlternatives(cursor);
  if (cursor.at < cursor.chars.length) throw new PatternError('there is a ) without a (');
  for (const { node, name } of cursor.backrefs) {
    node.index = typeof name === 'number' ? name : cursor.groups.indexOf(name);
    if (node.index < 1 || node.index >= cursor.groups.length) {
      throw new PatternError(`it refers back to a group that it does not have: ${name}`);
    }
  }
  return { tree, groups: cursor.groups };
}

function parseAlternatives(cursor: Cursor): Node {
  const items = [parseSequence(cursor)];
  while (take(cursor, '|')) items.push(parseSequence(cursor));
  return items.length === 1 ? items[0]! : { kind: 'alt', items };
}

function parseSequence(cursor: Cursor): Node {
  const items: Node[] = [];
  while (cursor.at < cursor.chars.length && !looking(cursor, '|') && !looking(cursor, ')')) {
    const quantified = parseQuantifier(cursor);
    if (quantified) throw new PatternError(`there is nothing for ${quantified.text} to repeat`);
    const atoms = parseAtom(cursor);
    const last = atoms.pop();
    items.push(...atoms);
    if (last) items.push(repeated(cursor, last));
  }
  return items.length === 1 ? items[0]! : { kind: 'seq', items };
}

/** Nodes of the next piece: none for `(?i)`, several for `\Q…\E`. */
function parseAtom(cursor: Cursor): Node[] {
  const char = cursor.chars[cursor.at]!;
  const { flags } = cursor;
  if (char === '(') return parseGroup(cursor);
  if (char === '[') return [parseClass(cursor)];
  if (char === '\\') return parseEscape(cursor);
  cursor.at++;
  if (char === '.') {
    return [flags.s ? set(cursor, { ranges: EVERYTHING }) : set(cursor, { ranges: [[10, 10]], negated: true })];
  }
  if (char === '^') return [{ kind: 'assert', what: flags.m ? 'lineStart' : 'start' }];
  if (char === '$') return [{ kind: 'assert', what: flags.m ? 'lineEnd' : 'end' }];
  return [literal(cursor, char)];
}

function literal(cursor: Cursor, char: string): Chars {
  const code = char.codePointAt(0)!;
  return set(cursor, { ranges: [[code, code]] });
}

function set(cursor: Cursor, chars: Partial<Chars>): Chars {
  return { kind: 'chars', ranges: [], properties: [], negated: false, fold: cursor.flags.i, ...chars };
}

function parseEscape(cursor: Cursor): Node[] {
  const letter = cursor.chars[cursor.at + 1];
  const assertions = { A: 'start', z: 'end', b: 'boundary', B: 'noBoundary' } as const;
  const perl = letter && perlClass(letter);
  if (letter === 'Q') return parseQuoted(cursor);
  if (letter === 'p' || letter === 'P') return [set(cursor, parseProperty(cursor))];
  if (letter && Object.hasOwn(assertions, letter)) {
    cursor.at += 2;
    return [{ kind: 'assert', what: assertions[letter as keyof typeof assertions] }];
  }
  if (perl) {
    cursor.at += 2;
    return [set(cursor, perl)];
  }
  if (cursor.dialect === 'any') {
    const text = cursor.chars.slice(cursor.at, cursor.at + 80).join('');
    const back = /^\\(?:([1-9]\d?)|k<(\w+)>)/.exec(text);
    if (back) {
      cursor.at += back[0].length;
      const node: Node = { kind: 'backref', index: 0 };
      cursor.backrefs.push({ node, name: back[2] ?? Number(back[1]) });
      return [node];
    }
  }
  const code = parseEscapedChar(cursor);
  return [set(cursor, { ranges: [[code, code]] })];
}

function parseQuoted(cursor: Cursor): Node[] {
  cursor.at += 2;
  const nodes: Node[] = [];
  while (cursor.at < cursor.chars.length) {
    if (looking(cursor, '\\') && cursor.chars[cursor.at + 1] === 'E') {
      cursor.at += 2;
      break;
    }
    nodes.push(literal(cursor, cursor.chars[cursor.at++]!));
  }
  return nodes;
}

function parseGroup(cursor: Cursor): Node[] {
  const rest = cursor.chars.slice(cursor.at, cursor.at + 80).join('');
  const named = /^\(\?P?<([A-Za-z_0-9]+)>/.exec(rest);
  const look = /^\(\?(<?)([=!])/.exec(rest);
  const flagged = /^\(\?([imsU]*)(-([imsU]+))?([:)])/.exec(rest);
  if (named || !rest.startsWith('(?')) {
    const name = named?.[1];
    const taken = name !== undefined && cursor.groups.includes(name);
    // Go takes the second one as a group without a name.
    if (taken && cursor.dialect === 'any') throw new PatternError(`two groups are named ${name}`);
    const index = cursor.groups.push(taken ? undefined : name) - 1;
    return [{ kind: 'group', index, item: parseInside(cursor, named?.[0].length ?? 1) }];
  }
  if (look && cursor.dialect === 'any') {
    const item = parseInside(cursor, look[0].length);
    return [{ kind: 'look', item, ahead: look[1] === '', negative: look[2] === '!' }];
  }
  if (!flagged) {
    const what = look ? 'lookahead and lookbehind are' : `${rest.slice(0, 3)} is`;
    throw new PatternError(`${what} not supported ${look ? 'by Go' : 'here'}`);
  }
  const outer = cursor.flags;
  const flags = { ...outer };
  for (const flag of flagged[1]!) setFlag(flags, flag, true);
  for (const flag of flagged[3] ?? '') setFlag(flags, flag, false);
  cursor.flags = flags;
  if (flagged[4] === ')') {
    // In force to the end of the group around it, which puts its own flags back.
    cursor.at += flagged[0].length;
    return [];
  }
  const item = parseInside(cursor, flagged[0].length);
  cursor.flags = outer;
  return [item.kind === 'chars' ? item : { kind: 'seq', items: [item] }];
}

function parseInside(cursor: Cursor, opening: number): Node {
  if (++cursor.depth > DEEPEST) throw new PatternError(`groups are nested more than ${DEEPEST} deep`);
  const outer = cursor.flags;
  cursor.at += opening;
  const item = parseAlternatives(cursor);
  if (!take(cursor, ')')) throw new PatternError('a ( has no )');
  cursor.flags = outer;
  cursor.depth--;
  return item;
}

function setFlag(flags: Flags, flag: string, value: boolean): void {
  if (!Object.hasOwn(flags, flag)) throw new PatternError(`the flag ${flag} is not known (i, m, s and U are)`);
  flags[flag as keyof Flags] = value;
}
