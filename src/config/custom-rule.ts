import type { Companion, Rule } from '../types.ts';
import { type CompiledPattern, compilePattern, type PatternProblem } from './go-pattern.ts';
import { longestMatch, matchesNothing, requiredTexts } from './pattern/literals.ts';
import type { Dialect, Node } from './pattern/tree.ts';

/** A rule as a configuration gives it; texts as written. */
export interface RuleSource {
  id: string;
  description?: string | undefined;
  provider?: string | undefined;
  pattern: string;
  dialect: Dialect;
  /** Groups named `secret` count. Not so in gitleaks, where only numbers do. */
  keepNames: boolean;
  secretGroup?: number | string | undefined;
  keywords?: readonly string[] | undefined;
  path?: RegExp | undefined;
  entropy?: number | undefined;
  stopwords?: readonly string[] | undefined;
  window?: { before: number; after: number } | undefined;
  severity?: Rule['severity'] | undefined;
  confidence?: Rule['confidence'] | undefined;
  companions?: readonly Companion[] | undefined;
  silent?: boolean | undefined;
  rotate?: string | undefined;
  examples?: Rule['examples'];
  origin: string;
}

/** Longer texts than this are cut into pieces anyway. */
const WHOLE_FILE = 262_144;
/** For matches without a limit: private keys and certificates fit. */
const LONG_MATCH = 16_384;
const USUAL = { before: 128, after: 512 };

/**
 * Makes a rule. Keywords that are not given are taken from the pattern; the window round them is made as wide as the
 * longest match, and as wide as the file when a match need not contain a keyword.
 *
 * @returns the rule, and in `slow` whether it has no keyword at all, so that every file is searched; or what is wrong
 */
export function makeRule(source: RuleSource): { rule: Rule; slow: boolean } | PatternProblem {
  const compiled = compilePattern(source.pattern, source);
  if ('error' in compiled) return compiled;
  if (matchesNothing(compiled.tree)) return { error: 'it matches the empty text, so everywhere', unsafe: true };
  const required = requiredTexts(compiled.tree);
  const given = usable(source.keywords);
  const keywords = given ?? required[0] ?? [];
  const inMatch = required.some((set) => set.every((text) => keywords.some((keyword) => text.includes(keyword))));
  const window = source.window ?? windowFor(compiled.tree, inMatch || keywords.length === 0);
  const rule: Rule = {
    id: source.id,
    provider: oneLine(source.provider) || 'Custom rule',
    description: oneLine(source.description) || source.id,
    keywords,
    pattern: compiled.pattern,
    severity: source.severity ?? 'high',
    confidence: source.confidence ?? 'likely',
    origin: source.origin,
    ...(window && { window }),
    ...(source.entropy !== undefined && source.entropy > 0 && { entropy: source.entropy }),
    ...(source.stopwords?.length && { stopwords: source.stopwords.map((word) => word.toLowerCase()) }),
    ...(source.path && { path: source.path }),
    ...(source.companions?.length && { companions: source.companions }),
    ...(source.silent && { silent: true }),
    ...(source.rotate && { rotate: source.rotate }),
    ...(source.examples && { examples: source.examples }),
  };
  return { rule, slow: keywords.length === 0 };
}

/** An allowlist pattern, or what is wrong with it. One that matches nothing at all would allow everything. */
export function makeAllowPattern(source: string, dialect: Dialect): CompiledPattern | PatternProblem {
  if (source === '') return { error: 'it is empty, so it would allow everything' };
  return compilePattern(source, { dialect });
}

/** A description may come from anywhere and is printed: on one line, without control characters. */
function oneLine(text: string | undefined): string {
  return (text ?? '')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
}

/** The prefilter knows ASCII only; one keyword that it cannot find makes the list worthless. */
function usable(keywords: readonly string[] | undefined): readonly string[] | undefined {
  if (!keywords?.length || !keywords.every((keyword) => /^[\x20-\x7e]+$/.test(keyword))) return undefined;
  return [...new Set(keywords.map((keyword) => keyword.toLowerCase()))];
}

function windowFor(tree: Node, keywordInMatch: boolean): Rule['window'] {
  if (!keywordInMatch) return { before: WHOLE_FILE, after: WHOLE_FILE };
  const longest = longestMatch(tree);
  const reach = Math.min(longest, LONG_MATCH);
  if (reach <= USUAL.before) return undefined;
  return { before: Math.max(reach, USUAL.before), after: Math.max(reach, USUAL.after) };
}
