import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserError } from '../util/errors.ts';
import { type GitleaksLayer, type GitleaksRule, readLayer } from './gitleaks-layer.ts';
import { explained } from './read-config.ts';
import { type ParsedFile, parseConfig, readText } from './read-file.ts';

const DEEPEST = 5;

/** A layer with everything that it extends worked in. */
export interface Merged {
  rules: Map<string, GitleaksRule>;
  allow: GitleaksLayer['allow'];
  useDefault: boolean;
  /** Rules of gitleaks' default set that are turned off. */
  disabled: readonly string[];
}

/** What all layers of one configuration share. */
export interface Context {
  /** Where the files of `extend.path` are looked for, after the folder of the file that names them. */
  places: readonly string[];
  show: (path: string) => string;
  files: { path: string; lineOf: ParsedFile['lineOf'] }[];
  warnings: string[];
}

/**
 * Puts a file and those that it extends together, as gitleaks does: the extending file wins field by field.
 *
 * @throws UserError, also when the files extend one another in a circle or more than five deep
 */
export async function loadLayers({
  path,
  file,
  context,
}: {
  path: string;
  file: ParsedFile;
  context: Context;
}): Promise<Merged> {
  const shown = context.show(path);
  if (context.files.some((one) => one.path === path)) throw new UserError(`${shown} extends itself`);
  if (context.files.length >= DEEPEST) throw new UserError(`${shown}: more than ${DEEPEST} files extend one another`);
  context.files.push({ path, lineOf: file.lineOf });
  const warn = (message: string) => context.warnings.push(`${shown}: ${message}`);
  const layer = await explained({ shown, lineOf: file.lineOf }, () => readLayer(file.data, shown, warn));
  const { extend } = layer;
  let base: Merged = { rules: new Map(), allow: [], useDefault: false, disabled: [] };
  if (extend.path) {
    const basePath = await find(extend.path, path, context);
    const text = await readText(basePath, context.show(basePath));
    base = await loadLayers({ path: basePath, file: await parseConfig(text, context.show(basePath)), context });
  }
  const useDefault = extend.useDefault || base.useDefault;
  const rules = new Map(base.rules);
  const disabled = [...base.disabled];
  for (const id of extend.disabledRules) {
    if (!rules.delete(id)) {
      if (useDefault) disabled.push(id);
      else warn(`the disabled rule "${id}" is not in the files that this one extends`);
    }
  }
  for (const rule of layer.rules.values()) rules.set(rule.id, over(rules.get(rule.id), rule));
  return { rules, allow: [...layer.allow, ...base.allow], useDefault, disabled };
}

/** Relative to the file, to the first file, or, as gitleaks has it, to the current directory: where there is one. */
async function find(path: string, from: string, context: Context): Promise<string> {
  const places = [dirname(from), ...context.places].map((place) => resolve(place, path));
  for (const place of places) if (await stat(place).catch(() => undefined)) return place;
  return places[0]!;
}

/** A rule of the extending file laid over the one with the same id. */
function over(base: GitleaksRule | undefined, rule: GitleaksRule): GitleaksRule {
  if (!base) return rule;
  return {
    ...rule,
    description: rule.description || base.description,
    regex: rule.regex || base.regex,
    // An error in the pattern is reported where the pattern stands.
    ...(!rule.regex && { at: base.at, shown: base.shown }),
    path: rule.path ?? base.path,
    entropy: rule.entropy || base.entropy,
    secretGroup: rule.secretGroup || base.secretGroup,
    keywords: [...base.keywords, ...rule.keywords],
    allow: [...base.allow, ...rule.allow],
    skipReport: rule.skipReport || base.skipReport,
    required: [...base.required, ...rule.required],
  };
}
