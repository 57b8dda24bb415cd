import type { Allow, Config, Rule } from '../types.ts';
import { isDisabled, matchesRuleId } from './allow.ts';
import type { LayerFile } from './read-config.ts';
import type { KeyPath } from './validate.ts';

/** One thing that is in force, and who says so. */
export interface Setting {
  /** `preset`, `rules.disable`, `allow`: of a list there is one for each entry. */
  key: string;
  value: unknown;
  /** `defaults`, `command line --preset`, or a file, with its line where that is known. */
  origin: string;
  /** Folder that the paths of an allow entry are matched from, where it is not the root. */
  below?: string;
}

/** Tables whose entries are added up; the rest of a file are single values. */
const LISTS = ['rules', 'allow', 'extends'];

/**
 * Everything that is in force, the lists of the nearest layer last, as they are laid over each other.
 *
 * @param input.defaults what holds where no layer says anything, by key
 * @param input.layers the files, what is inherited first
 * @param input.overlay what the command line says, by key
 * @param input.knownIds ids of all rules that there are
 */
export async function settingsInForce(input: {
  defaults: Readonly<Record<string, unknown>>;
  layers: readonly LayerFile[];
  overlay: readonly Setting[];
  knownIds: readonly string[];
}): Promise<Setting[]> {
  const { defaults, layers, overlay, knownIds } = input;
  const single = new Map<string, Setting>();
  for (const [key, value] of Object.entries(defaults)) single.set(key, { key, value, origin: 'defaults' });
  const lists: Setting[] = [];
  for (const layer of layers) {
    for (const setting of await singleValues(layer)) single.set(setting.key, setting);
    lists.push(...(await entriesOf(layer)));
  }
  for (const setting of overlay) single.set(setting.key, setting);
  return [...single.values(), ...switches(lists, knownIds), ...customRules(lists), ...ofKey(lists, 'allow')];
}

async function singleValues(layer: LayerFile): Promise<Setting[]> {
  const { kind, after, before } = layer;
  if (kind === 'gitleaks') return [{ key: 'rules.use-builtin', value: after.useBuiltinRules, origin: layer.shown }];
  const out: Setting[] = [];
  const add = async (path: readonly string[], value: unknown): Promise<void> => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) await add([...path, key], inner);
      return;
    }
    const key = path.join('.');
    // A path is relative to the file, which is not the one that is shown.
    const shown = key === 'model' ? (after.model ?? before.model) : value;
    out.push({ key, value: shown, origin: await originOf(layer, path) });
  };
  const { rules } = layer.data as { rules?: Record<string, unknown> };
  for (const [key, value] of Object.entries(layer.data as object)) if (!LISTS.includes(key)) await add([key], value);
  if (rules?.['use-builtin'] !== undefined) await add(['rules', 'use-builtin'], rules['use-builtin']);
  return out;
}

async function entriesOf(layer: LayerFile): Promise<Setting[]> {
  const { kind, before, after, shown } = layer;
  if (kind === 'gitleaks') {
    const fresh = after.customRules.filter((rule) => !before.customRules.includes(rule));
    const allow = after.allow.slice(0, after.allow.length - before.allow.length);
    return [
      ...after.disabledRules.slice(before.disabledRules.length).map((value) => switchOf(value, shown)),
      ...fresh.map((rule) => ({ key: 'rules.custom', value: ruleAsData(rule), origin: rule.origin ?? shown })),
      ...allow.map((entry) => ({ key: 'allow', value: allowAsData(entry), origin: shown })),
    ];
  }
  const data = layer.data as { rules?: Record<string, unknown[]>; allow?: Record<string, unknown>[] };
  const out: Setting[] = [];
  // What a layer defines is on, whatever was before; what it enables is an exception to what it disables.
  for (const [i, value] of (data.rules?.custom ?? []).entries()) {
    out.push({ key: 'rules.custom', value, origin: await originOf(layer, ['rules', 'custom', i]) });
  }
  for (const name of ['disable', 'enable'] as const) {
    for (const [i, value] of (data.rules?.[name] ?? []).entries()) {
      out.push({ key: `rules.${name}`, value, origin: await originOf(layer, ['rules', name, i]) });
    }
  }
  const [{ below } = {}] = after.allow;
  for (const [i, value] of (data.allow ?? []).entries()) {
    const origin = await originOf(layer, ['allow', i]);
    out.push({ key: 'allow', value, origin, ...(below === undefined ? {} : { below }) });
  }
  return out;
}

async function originOf({ shown, lineOf }: LayerFile, path: KeyPath): Promise<string> {
  const line = await lineOf(path);
  return line === undefined ? shown : `${shown}:${line}`;
}

function switchOf(pattern: string, origin: string): Setting {
  return pattern.startsWith('!')
    ? { key: 'rules.enable', value: pattern.slice(1), origin }
    : { key: 'rules.disable', value: pattern, origin };
}

/** Of what was disabled and enabled in turn, what still counts, so that one file could say it. */
function switches(lists: readonly Setting[], knownIds: readonly string[]): Setting[] {
  const order = lists.filter(({ key }) => key !== 'allow');
  const ids = [...knownIds, ...ofKey(order, 'rules.custom').map(({ value }) => (value as { id: string }).id)];
  const off: string[] = [];
  for (const { key, value } of order) {
    if (key === 'rules.disable') off.push(String(value));
    else off.push(key === 'rules.enable' ? `!${value}` : `!${(value as { id: string }).id}`);
  }
  const disabled = ofKey(order, 'rules.disable');
  const isNamed = (id: string) => disabled.some(({ value }) => matchesRuleId(String(value), id));
  const on = order.flatMap((setting): Setting[] => {
    if (setting.key === 'rules.disable') return [];
    const pattern = setting.key === 'rules.enable' ? String(setting.value) : (setting.value as { id: string }).id;
    const matched = ids.filter((id) => matchesRuleId(pattern, id) && isNamed(id));
    const left = matched.filter((id) => !isDisabled(off, id));
    const values = left.length === matched.length && left.length > 0 ? [pattern] : left;
    return values.map((value) => ({ key: 'rules.enable', value, origin: setting.origin }));
  });
  const seen = new Set<unknown>();
  const nearest = on.reverse().filter(({ value }) => !seen.has(value) && seen.add(value));
  return [...disabled.filter(({ value }) => stillOff(String(value), ids, off)), ...nearest.reverse()];
}

function stillOff(pattern: string, ids: readonly string[], off: readonly string[]): boolean {
  const matched = ids.filter((id) => matchesRuleId(pattern, id));
  return matched.length === 0 || matched.some((id) => isDisabled(off, id));
}

/** Of rules with the same id the nearest. */
function customRules(lists: readonly Setting[]): Setting[] {
  const byId = new Map(ofKey(lists, 'rules.custom').map((one) => [(one.value as { id: string }).id, one]));
  return [...byId.values()];
}

function ofKey(lists: readonly Setting[], wanted: string): Setting[] {
  return lists.filter(({ key }) => key === wanted);
}

function ruleAsData({ pattern, path, window, examples, companions, origin, ...rule }: Rule): Record<string, unknown> {
  const flags = pattern.flags.replace(/[^ims]/g, '');
  return {
    ...rule,
    pattern: `${flags === '' ? '' : `(?${flags})`}${pattern.source}`,
    ...(path ? { path: `/${path.source}/` } : {}),
    ...(companions ? { companions: companions.map(({ pattern: _, ...one }) => one) } : {}),
  };
}

function allowAsData(entry: Allow): Record<string, unknown> {
  const { description, ruleIds, condition, paths, regexes, regexTarget, origin, below, ...rest } = entry;
  const sources = (patterns: readonly RegExp[] | undefined) => patterns?.map(({ source }) => source);
  return {
    reason: description,
    rules: ruleIds,
    ...(condition === 'AND' ? { condition: 'and' } : {}),
    'path-regexes': sources(paths),
    regexes: sources(regexes),
    ...(regexTarget !== undefined && regexTarget !== 'secret' ? { 'regex-target': regexTarget } : {}),
    ...rest,
  };
}

/** What holds where no layer says anything, by key. */
export function defaultsOf(config: Config, model: string): Record<string, unknown> {
  const { preset, maxFileSize, maxDepth, useBuiltinRules } = config;
  return {
    preset,
    model,
    device: 'auto',
    'max-file-size': maxFileSize,
    'max-depth': maxDepth,
    cache: true,
    folders: true,
    'rules.use-builtin': useBuiltinRules,
  };
}
