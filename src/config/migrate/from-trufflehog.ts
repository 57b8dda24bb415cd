import { type ImportedRule, plainId } from '../import/imported.ts';
import { parseConfig } from '../read-file.ts';
import { optionValues } from './command-line.ts';
import { rulesFor, usablePatterns } from './patterns.ts';
import { type Caller, emptySetup, type Files, type PeerSetup } from './setup.ts';
import { tableOf, textsOf } from './values.ts';

/** Nobody looks for them unless told: these are the names of its documentation, and usual ones. */
const CONFIG_FILES = /^(?:\.?trufflehog(?:[-_.]config)?|\.trufflehog\/config)\.ya?ml$/;
const EXCLUDE_FILES =
  /^(?:\.?trufflehog[-_.]?|\.trufflehog\/)(?:excludes?|ignore|excludes?[-_.](?:paths|patterns))(?:\.txt)?$/;
/** The parts of a custom detector may be so many lines apart: it looks at texts of ten kilobytes. */
const FAR = 200;

/** Reads custom detectors, excluded paths and options; undefined when there are none. */
export async function fromTrufflehog(input: {
  files: Files;
  callers: readonly Caller[];
  knownIds: readonly string[];
}): Promise<PeerSetup | undefined> {
  const { files, callers, knownIds } = input;
  const setup = emptySetup('trufflehog');
  const values = (...names: string[]) => callers.flatMap(({ args }) => optionValues(args, ...names));
  const there = [...files.list('.'), ...files.list('.trufflehog').map((name) => `.trufflehog/${name}`)];
  const configs = [...values('--config'), ...there.filter((name) => CONFIG_FILES.test(name))];
  for (const name of new Set(configs)) {
    const text = await files.read(name);
    if (text === undefined) continue;
    const { data } = await parseConfig(text, name);
    const { detectors, ...rest } = tableOf(data);
    // Files of that name with other things in them are not what trufflehog reads.
    if (!Array.isArray(detectors)) continue;
    setup.files.push(name);
    for (const detector of detectors.map(tableOf)) readDetector({ detector, name, setup });
    for (const key of Object.keys(rest)) setup.left.push(`${name}: ${key}: only detectors have a counterpart`);
  }
  const excludes = [
    ...values('--exclude-paths', '--exclude_paths', '-x'),
    ...there.filter((name) => EXCLUDE_FILES.test(name)),
  ];
  for (const name of new Set(excludes)) await readExcludes({ name, files, setup });
  readOptions({ values, setup, knownIds, callers });
  return setup.files.length + callers.length === 0 ? undefined : setup;
}

function readDetector(input: { detector: Record<string, unknown>; name: string; setup: PeerSetup }): void {
  const { detector, name, setup } = input;
  const title = String(detector.name ?? '');
  const id = plainId(title).toLowerCase();
  const patterns = Object.entries(tableOf(detector.regex)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  patterns.sort(([a], [b]) => (a < b ? -1 : 1));
  if (id === '' || patterns.length === 0) {
    setup.left.push(`${name}: a detector without a ${id === '' ? 'name' : 'regex'}`);
    return;
  }
  const wanted = detector.primary_regex_name;
  const [primaryName, primary] = patterns.find(([key]) => key === wanted) ?? patterns[0]!;
  const others = patterns.filter(([key]) => key !== primaryName);
  const partId = (key: string) => `${id}-${plainId(key).toLowerCase()}`;
  const rule: ImportedRule = {
    id,
    description: typeof detector.description === 'string' ? detector.description : title,
    pattern: primary,
    keywords: textsOf(detector.keywords),
    entropy: typeof detector.entropy === 'number' && detector.entropy > 0 ? detector.entropy : undefined,
    stopwords: textsOf(detector.exclude_words),
    companions: others.map(([key]) => ({ role: key, rules: [partId(key)], lines: FAR, required: true })),
  };
  setup.rules.push(rule);
  for (const [key, pattern] of others)
    setup.rules.push({ id: partId(key), description: `${title} (${key})`, pattern, silent: true });
  if (others.length > 0) setup.changed.push(`${name}: ${title}: its parts may be ${FAR} lines apart`);
  for (const key of ['exclude_regexes_capture', 'exclude_regexes_match']) {
    const regexes = usablePatterns({ sources: textsOf(detector[key]), what: `${name}: ${title}`, setup });
    const target = key.endsWith('match') ? { 'regex-target': 'match' } : {};
    if (regexes.length > 0) setup.allow.push({ reason: `from trufflehog (${title})`, rules: [id], regexes, ...target });
  }
  if (detector.verify !== undefined) setup.left.push(`${name}: ${title}: verify: no server is asked`);
  if (detector.validations !== undefined) setup.left.push(`${name}: ${title}: validations have no counterpart`);
}

async function readExcludes(input: { name: string; files: Files; setup: PeerSetup }): Promise<void> {
  const { name, files, setup } = input;
  const text = await files.read(name);
  if (text === undefined) {
    setup.left.push(`${name}, which is named to exclude paths and is not there`);
    return;
  }
  setup.files.push(name);
  const sources = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const patterns = usablePatterns({ sources, what: name, setup });
  if (patterns.length > 0) setup.allow.push({ reason: `from trufflehog (${name})`, 'path-regexes': patterns });
}

function readOptions(input: {
  values: (...names: string[]) => string[];
  setup: PeerSetup;
  knownIds: readonly string[];
  callers: readonly Caller[];
}): void {
  const { values, setup, knownIds, callers } = input;
  const globs = values('--exclude-globs').flatMap((list) => list.split(','));
  if (globs.length > 0) setup.allow.push({ reason: 'from trufflehog (--exclude-globs)', paths: globs });
  for (const detector of values('--exclude-detectors').flatMap((list) => list.split(','))) {
    const provider = detector
      .trim()
      .replace(/\.v\d+$/, '')
      .toLowerCase();
    const rules = rulesFor([provider, `${provider}-*`], knownIds);
    setup.disable.push(...rules);
    if (rules.length > 0) setup.changed.push(`--exclude-detectors ${detector} → rules.disable ${rules.join(', ')}`);
    else setup.left.push(`--exclude-detectors ${detector}: there is no rule of that name`);
  }
  for (const name of ['--include-paths', '--include-detectors', '--filter-entropy']) {
    if (values(name).length > 0) setup.left.push(`${name}: what is looked at is said by what is allowed`);
  }
  const args = callers.flatMap((caller) => caller.args);
  if (args.some((arg) => arg === '--only-verified' || /^--results=/.test(arg))) {
    setup.changed.push(
      'only verified secrets counted: no server is asked here, so more is reported; preset = "strict" reports less',
    );
  }
}
