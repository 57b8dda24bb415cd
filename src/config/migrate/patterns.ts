import { matchesRuleId } from '../allow.ts';
import { makeAllowPattern } from '../custom-rule.ts';
import { globToRegExp } from '../glob.ts';
import { withoutLayout } from '../import/layout.ts';
import type { PeerSetup } from './setup.ts';

/** Patterns of an allow entry that can be used as they are; what cannot is named. @param what whose they are, for people */
export function usablePatterns(input: { sources: readonly string[]; what: string; setup: PeerSetup }): string[] {
  const { sources, what, setup } = input;
  return sources.flatMap((source, i) => {
    const made = makeAllowPattern(source, 'any');
    if ('pattern' in made) return [source];
    // What is allowed may be a password: it is not quoted.
    setup.left.push(`${what}: ${sources.length > 1 ? `pattern ${i + 1}` : 'its pattern'}: ${made.error}`);
    return [];
  });
}

/** Patterns of Python, where `(?x)` allows layout and `\Z` is the end. */
export function pythonPatterns(input: { sources: readonly string[]; what: string; setup: PeerSetup }): string[] {
  const sources = input.sources.map((source) => {
    const plain = withoutLayout(source.trim()).replace(/\\Z/g, '\\z');
    return plain.replace(/\(\?P=(\w+)\)/g, '\\k<$1>');
  });
  return usablePatterns({ ...input, sources });
}

/** Path patterns in the form of `.gitignore`. */
export function ignoreLines(input: { text: string; what: string; setup: PeerSetup }): string[] {
  const { text, what, setup } = input;
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(?<!\\)\s+$/, ''));
  return lines.flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const made = globToRegExp(line);
    if ('pattern' in made) return [line];
    setup.left.push(`${what}: ${shortened(line)}: ${made.error}`);
    return [];
  });
}

/** The built-in rules that belong to a provider or a kind of secret, as few patterns as there are; none when there is no such rule. */
export function rulesFor(names: readonly string[], knownIds: readonly string[]): string[] {
  return names.filter((name) => knownIds.some((id) => matchesRuleId(name, id)));
}

/** A pattern that matches exactly this text. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function shortened(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
