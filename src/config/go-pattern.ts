import { emitPattern } from './pattern/emit.ts';
import { parsePattern } from './pattern/parse.ts';
import { findRisk } from './pattern/risk.ts';
import { type Dialect, type Node, PatternError } from './pattern/tree.ts';

/** A pattern of the user, ready for use and for questions about it. */
export interface CompiledPattern {
  pattern: RegExp;
  tree: Node;
}

/** Why there is no pattern. `unsafe`: it is valid, but would take for ever on some text, or match everywhere. */
export interface PatternProblem {
  error: string;
  unsafe?: true;
}

/**
 * Translates a regular expression in Go's syntax (RE2) into a JavaScript one that matches the same text, without flags
 * that Node 20 lacks: scoped and inline flags, `(?P<name>…)`, `\z`, `\A`, `\Q…\E`, POSIX classes, `\pL`, `\x{…}`,
 * octal escapes, ASCII `\d \w \s \b`, and braces and brackets that stand for themselves.
 *
 * Letters beyond ASCII are compared case by case (`é` with `É`), but never with an ASCII letter.
 *
 * @param flags flags in force from the start: any of `i`, `m`, `s`, `U`
 */
export function translateGoPattern(source: string, flags = ''): { pattern: RegExp } | { error: string } {
  const parsed = attempt(() => {
    const { tree, groups } = parsePattern(source, { dialect: 'go', flags });
    return { pattern: emitPattern(tree, groups.map(plainName)) };
  });
  return 'error' in parsed ? { error: parsed.error } : parsed;
}

/**
 * Compiles a pattern from a configuration: as `translateGoPattern`, but refused when it could hang the scanner.
 *
 * @param secretGroup number or name of the group that is the secret (0: the whole match). Without it, a group named
 * `secret` keeps its name when `keepNames` is set; no other name survives.
 */
export function compilePattern(
  source: string,
  options: { dialect: Dialect; secretGroup?: number | string | undefined; keepNames?: boolean },
): CompiledPattern | PatternProblem {
  return attempt(() => {
    const { tree, groups } = parsePattern(source, { dialect: options.dialect });
    const risk = findRisk(tree);
    if (risk) return { error: risk, unsafe: true as const };
    const secret = secretIndex(groups, options);
    if (secret === 0) {
      const wrapped = { kind: 'group', index: 0, item: tree } satisfies Node;
      if (groups.length === 1) return { pattern: emitPattern(tree), tree };
      return { pattern: emitPattern(renumbered(wrapped), ['secret']), tree };
    }
    const names = groups.map((_, index) => (index === secret ? 'secret' : undefined));
    return { pattern: emitPattern(tree, names), tree };
  });
}

/** Back references count one more group once the whole pattern has become one. */
function renumbered(node: Node): Node {
  if (node.kind === 'backref') return { ...node, index: node.index + 1 };
  if ('items' in node) return { ...node, items: node.items.map(renumbered) };
  return 'item' in node ? { ...node, item: renumbered(node.item) } : node;
}

function secretIndex(
  groups: readonly (string | undefined)[],
  { secretGroup, keepNames }: { secretGroup?: number | string | undefined; keepNames?: boolean },
): number | undefined {
  if (secretGroup === undefined) {
    const named = groups.indexOf('secret');
    return keepNames && named > 0 ? named : undefined;
  }
  const index = typeof secretGroup === 'number' ? secretGroup : groups.indexOf(secretGroup);
  if (index >= 0 && index < groups.length) return index;
  const count = groups.length - 1;
  throw new PatternError(
    typeof secretGroup === 'number'
      ? `the secret is to be group ${secretGroup}, but it has ${count === 0 ? 'no groups' : `only ${count}`}`
      : `it has no group named ${secretGroup}`,
  );
}

/** Names of Go may start with a digit; those of JavaScript may not. */
function plainName(name: string | undefined): string | undefined {
  return name !== undefined && /^[A-Za-z_]/.test(name) ? name : undefined;
}

function attempt<T>(work: () => T): T | PatternProblem {
  try {
    return work();
  } catch (error) {
    if (error instanceof PatternError) return { error: error.message };
    // What the engine itself refuses: a program too large, a lookbehind it cannot do.
    if (error instanceof SyntaxError) return { error: 'the regular expression engine of Node.js refuses it' };
    throw error;
  }
}
