import { makeAllowPattern, makeRule } from '../custom-rule.ts';
import type { ImportedAllow, ImportedRule } from '../import/imported.ts';
import { tomlTable, tomlValue } from '../import/write-toml.ts';
import type { PeerSetup } from './setup.ts';

export { findCallers } from './callers.ts';
export { fromDetectSecrets } from './from-detect-secrets.ts';
export { fromGitleaksSetup } from './from-gitleaks-setup.ts';
export { fromSecretlint } from './from-secretlint.ts';
export { fromTrufflehog } from './from-trufflehog.ts';
export { type Caller, type Edit, type Files, type IgnoredPlace, PEERS, type Peer, type PeerSetup } from './setup.ts';

/**
 * Leaves out what our configuration would refuse, and names it.
 *
 * @param knownIds ids of the built-in rules
 */
export function checkSetup(setup: PeerSetup, knownIds: readonly string[]): PeerSetup {
  const left = [...setup.left];
  const rules = new Map<string, ImportedRule>();
  for (const rule of setup.rules) {
    const problem = problemOf(rule);
    if (problem !== undefined) left.push(`the rule ${rule.id}: ${problem}`);
    else if (rules.has(rule.id)) left.push(`the rule ${rule.id} is there twice: the last one counts`);
    if (problem === undefined) rules.set(rule.id, rule);
  }
  const isKnown = (pattern: string) => pattern.includes('*') || rules.has(pattern) || knownIds.includes(pattern);
  for (const [id, rule] of rules) {
    const companions = rule.companions?.filter((one) => (one.rules ?? []).every(isKnown));
    rules.set(id, { ...rule, companions });
  }
  const allow = setup.allow.flatMap((entry): ImportedAllow[] => {
    const commits = entry.commits?.map((one) => one.trim().toLowerCase()).filter((one) => /^[0-9a-f]{7,64}$/.test(one));
    const ids = entry.rules?.filter(isKnown);
    if (ids?.length === 0) {
      left.push(`an allowlist for ${entry.rules!.join(', ')}, which is not in use`);
      return [];
    }
    return [{ ...entry, rules: ids, commits }];
  });
  const disable = [...new Set(setup.disable.filter((pattern) => !pattern.startsWith('!')))];
  return { ...setup, rules: [...rules.values()], allow, disable, left };
}

/**
 * Writes setups as one configuration of our own.
 * @param input.title what stands in its first line
 * @param input.isExtended it is one layer of another configuration, which says whether the built-in rules are used
 */
export function setupsAsToml(input: { setups: readonly PeerSetup[]; title: string; isExtended: boolean }): string {
  const { setups, title, isExtended } = input;
  const disable = disabledByAll(setups);
  const onlyOwn = !isExtended && setups.every(({ useBuiltin }) => !useBuiltin);
  const head = [
    `# ${title}\n`,
    ...(disable.length > 0 ? [`rules.disable = ${tomlValue(disable)}\n`] : []),
    ...(onlyOwn ? ['rules.use-builtin = false\n'] : []),
  ];
  const byId = new Map(setups.flatMap(({ rules }) => rules).map((rule) => [rule.id, rule]));
  return [
    head.join(''),
    ...[...byId.values()].map((rule) => tomlTable('rules.custom', rule)),
    ...setups.flatMap(({ allow }) => allow).map((entry) => tomlTable('allow', entry)),
  ].join('\n');
}

/** Of several scanners one has looked for what another did not: only what all of them left out is off. */
export function disabledByAll(setups: readonly PeerSetup[]): string[] {
  const [first, ...others] = setups;
  const all = first?.disable.filter((pattern) => others.every(({ disable }) => disable.includes(pattern)));
  return [...new Set(all)];
}

function problemOf(rule: ImportedRule): string | undefined {
  const { id, pattern, 'secret-group': secretGroup, keywords, entropy } = rule;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id)) return 'its name cannot be an id';
  if (entropy !== undefined && (entropy < 0 || entropy > 16)) return 'its entropy is out of range';
  const made = makeRule({ id, pattern, secretGroup, keywords, dialect: 'any', keepNames: true, origin: 'migrate' });
  if ('error' in made) return made.error;
  const path = rule.path?.startsWith('/') ? makeAllowPattern(rule.path.slice(1, -1), 'any') : undefined;
  return path && 'error' in path ? `its path: ${path.error}` : undefined;
}
