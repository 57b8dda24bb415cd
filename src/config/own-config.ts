import { resolve } from 'node:path';
import type { Allow, Config, JudgeSettings, MarkerSettings, ReviewSettings, Rule } from '../types.ts';
import { isDisabled, matchesRuleId } from './allow.ts';
import { makeRule } from './custom-rule.ts';
import { MARKER_PEERS } from './markers.ts';
import { type allowEntry, type customRule, schema } from './own-schema.ts';
import { ConfigProblem, didYouMean, type KeyPath } from './validate.ts';

/** A folder with a configuration of its own. */
export interface Below {
  /** Logical path, with a `/` at the end. */
  folder: string;
  /** The configuration of the root. */
  top: Config;
}

/** What the configuration of a folder may say. Everything else is for all that is scanned, or picks what is. */
const FOLDER_KEYS = ['preset', 'allow', 'rules.disable', 'rules.enable'];

/**
 * Overlays what is inherited with a configuration in the scanner's own form: its single values count, its lists are added.
 *
 * @param defaults what is inherited
 * @param folder that paths in it are relative to: its own
 * @param below the folder that it is for; absent: it is for all
 * @param knownIds ids of the rules that ship with the scanner, to find misspelt ones; absent: ids are not checked
 * @throws ConfigProblem
 */
export function readOwnConfig(input: {
  data: unknown;
  defaults: Config;
  shown: string;
  folder: string;
  knownIds: readonly string[] | undefined;
  below?: Below | undefined;
}): Config {
  const { data, defaults, shown, folder, knownIds, below } = input;
  const { rules = {}, allow = [], ...rest } = schema(data, []);
  if (below !== undefined) refuseForFolder(data);
  const warnings: string[] = [...defaults.warnings];
  const customRules = (rules.custom ?? []).map((given, i, all) => {
    const path = ['rules', 'custom', i];
    if (all.findIndex((other) => other.id === given.id) < i) {
      throw new ConfigProblem([...path, 'id'], `is used by another rule already: ${given.id}`);
    }
    const { rule, slow } = toRule({ given, path, shown });
    if (slow) warnings.push(slowRule(shown, rule.id));
    return rule;
  });
  if (knownIds) {
    const known = [...knownIds, ...[...defaults.customRules, ...customRules].map((rule) => rule.id)];
    for (const [i, { companions = [] }] of (rules.custom ?? []).entries()) {
      for (const [j, one] of companions.entries()) {
        checkIds(one.rules, ['rules', 'custom', i, 'companions', j, 'rules'], known);
      }
    }
    checkIds(rules.disable, ['rules', 'disable'], known);
    checkIds(rules.enable, ['rules', 'enable'], known);
    if (below) checkEnabled(rules.enable, { known, top: below.top });
    for (const [i, entry] of allow.entries()) checkIds(entry.rules, ['allow', i, 'rules'], known);
  }
  const taken = new Set(customRules.map((rule) => rule.id));
  const { folders, ...inherited } = defaults;
  return {
    ...inherited,
    ...(folders ? { folders: rest.folders === undefined ? folders : { ...folders, isOff: !rest.folders } } : {}),
    files: [...defaults.files, shown],
    preset: rest.preset ?? defaults.preset,
    maxFileSize: rest['max-file-size'] ?? defaults.maxFileSize,
    maxDepth: rest['max-depth'] ?? defaults.maxDepth,
    ...(rest.model === undefined ? {} : { model: resolve(folder, rest.model) }),
    ...(rest.device === undefined ? {} : { device: rest.device }),
    ...(rest.cache === undefined ? {} : { cache: rest.cache }),
    ...(rest.baseline === undefined ? {} : { baseline: rest.baseline && resolve(folder, rest.baseline) }),
    ...(rest.markers === undefined ? {} : { markers: toMarkers(rest.markers, defaults.markers) }),
    ...(rest['ignore-files'] === undefined ? {} : { ignoreFiles: rest['ignore-files'] }),
    ...(rest.judge === undefined ? {} : { judge: toJudge(rest.judge, folder) }),
    ...(rest.review === undefined ? {} : { review: reviewOf(rest.review, folder) }),
    useBuiltinRules: rules['use-builtin'] ?? defaults.useBuiltinRules,
    disabledRules: [
      ...defaults.disabledRules,
      ...backOn(defaults, customRules),
      ...(rules.disable ?? []),
      ...(rules.enable ?? []).map((pattern) => `!${pattern}`),
    ],
    customRules: [...defaults.customRules.filter((rule) => !taken.has(rule.id)), ...customRules],
    allow: [
      ...allow.map((entry, i) => ({
        ...toAllow(entry, ['allow', i]),
        origin: shown,
        ...(below === undefined ? {} : { below: below.folder }),
      })),
      ...defaults.allow,
    ],
    warnings,
  };
}

function toMarkers(
  given: NonNullable<ReturnType<typeof schema>['markers']>,
  inherited: MarkerSettings = { own: true, peers: MARKER_PEERS, requireReason: false },
): MarkerSettings {
  const { own = inherited.own, peers = inherited.peers, 'require-reason': requireReason } = given;
  return { own, peers, requireReason: requireReason ?? inherited.requireReason };
}

/** A rule that is written down anew is meant to be used, whatever was disabled before. */
export function backOn({ disabledRules }: Pick<Config, 'disabledRules'>, rules: readonly Rule[]): string[] {
  return rules.filter(({ id }) => isDisabled(disabledRules, id)).map(({ id }) => `!${id}`);
}

/** What no text is searched for cannot be found in a folder. */
function checkEnabled(
  patterns: readonly string[] | undefined,
  { known, top }: { known: readonly string[]; top: Config },
): void {
  patterns?.forEach((pattern, i) => {
    const off = known.find((id) => matchesRuleId(pattern, id) && isDisabled(top.disabledRules, id));
    if (off === undefined) return;
    throw new ConfigProblem(
      ['rules', 'enable', i],
      `takes back "${off}", which is disabled for the whole repository`,
      'Enable it in the configuration of the repository, and disable it in the other folders.',
    );
  });
}

/** @throws ConfigProblem for what cannot be said of a folder alone */
function refuseForFolder(data: unknown): void {
  const keys = Object.entries(data as object).flatMap(([key, value]) =>
    key === 'rules' ? Object.keys(value).map((inner) => ['rules', inner]) : [[key]],
  );
  const wrong = keys.find((key) => !FOLDER_KEYS.includes(key.join('.')));
  if (!wrong) return;
  const hint = `For a folder there are ${FOLDER_KEYS.join(', ')}; the rest goes into the configuration of the repository.`;
  throw new ConfigProblem(wrong, 'cannot be set for a folder', hint);
}

function reviewOf({ guidance, folder: missions, ...rest }: ReviewSettings, folder: string): ReviewSettings {
  return {
    ...rest,
    ...(guidance === undefined ? {} : { guidance: resolve(folder, guidance) }),
    ...(missions === undefined ? {} : { folder: resolve(folder, missions) }),
  };
}

/** The warning for a rule that nothing can be searched for beforehand. */
export function slowRule(shown: string, ruleId: string): string {
  return `${shown}: the rule "${ruleId}" has no keywords and its pattern requires no fixed text: every file is searched in full, which is slow`;
}

function toRule(input: { given: ReturnType<typeof customRule>; path: KeyPath; shown: string }): {
  rule: Rule;
  slow: boolean;
} {
  const { given, path, shown } = input;
  const { 'secret-group': secretGroup, examples, companions, pattern, id: ruleId, ...rest } = given;
  const made = makeRule({
    ...rest,
    id: ruleId!,
    pattern: pattern!,
    dialect: 'any',
    keepNames: true,
    secretGroup,
    companions: companions?.map((one) => ({ ...one, role: one.role! })),
    examples: examples && { secret: examples.secret ?? [], harmless: examples.harmless ?? [] },
    origin: shown,
  });
  if (!('error' in made)) return made;
  throw new ConfigProblem([...path, 'pattern'], `is not a usable regular expression: ${made.error}`);
}

function toAllow(entry: ReturnType<typeof allowEntry>, path: KeyPath): Allow {
  const { rules: ruleIds, reason, description = reason, 'regex-target': regexTarget, stopwords, ...more } = entry;
  const { 'path-regexes': pathRegexes, ...rest } = more;
  const paths = rest.paths || pathRegexes ? [...(rest.paths ?? []), ...(pathRegexes ?? [])] : undefined;
  const { values, regexes, fingerprints, commits, names, keys } = rest;
  const conditions = [paths, values, regexes, stopwords, fingerprints, commits, names, keys];
  if (!conditions.some((list) => list?.length)) {
    throw new ConfigProblem(
      path,
      'names nothing that is allowed: it needs paths, names, keys, values, regexes, stopwords, fingerprints or commits',
      ruleIds && 'To turn rules off everywhere, list them in rules.disable.',
    );
  }
  return {
    ...rest,
    ...(paths && { paths }),
    ...(description !== undefined && { description }),
    ...(ruleIds && { ruleIds }),
    ...(regexTarget && { regexTarget }),
    ...(stopwords && { stopwords: stopwords.map((word) => word.toLowerCase()) }),
  };
}

function toJudge(given: NonNullable<ReturnType<typeof schema>['judge']>, folder: string): JudgeSettings {
  const { band, timeout, ...rest } = given;
  const [low, high, ...more] = band ?? [0, 1];
  if (low === undefined || high === undefined || more.length > 0 || low > high) {
    throw new ConfigProblem(
      ['judge', 'band'],
      'must be two probabilities, the lower one first',
      'For example: [0.1, 0.9]',
    );
  }
  return {
    ...rest,
    ...(rest.use === undefined ? {} : { folder }),
    ...(band === undefined ? {} : { band: { low, high } }),
    ...(timeout === undefined ? {} : { timeoutMs: 1000 * timeout }),
  };
}

function checkIds(patterns: readonly string[] | undefined, path: KeyPath, known: readonly string[]): void {
  patterns?.forEach((pattern, i) => {
    if (known.some((ruleId) => matchesRuleId(pattern, ruleId))) return;
    const hint = didYouMean(pattern, known) ?? 'The command "sss rules list" shows all rules.';
    throw new ConfigProblem([...path, i], `there is no rule "${pattern}"`, hint);
  });
}
