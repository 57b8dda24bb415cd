import { MOST_DEPTH } from '../util/read-limits.ts';
import { makeAllowPattern } from './custom-rule.ts';
import { IGNORE_FILE_PEERS } from './found-files.ts';
import { globToRegExp } from './glob.ts';
import { MARKER_PEERS } from './markers.ts';
import { parseSize } from './size.ts';
import { ConfigProblem, listOf, numberIn, oneOf, type Reader, tableOf, text, yesOrNo } from './validate.ts';

const LARGEST_WINDOW = 262_144;

const id: Reader<string> = (value, path) => {
  const given = text(value, path);
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(given)) return given;
  throw new ConfigProblem(path, 'must consist of letters, digits, "-", "_" and "."', 'For example: acme-deploy-token');
};

/** A rule id, `*` standing for any text. */
const ruleIdPattern: Reader<string> = (value, path) => {
  const given = text(value, path);
  if (/^[A-Za-z0-9*._-]{1,100}$/.test(given)) return given;
  throw new ConfigProblem(path, 'must be the id of a rule, in which * may stand for any text');
};

const size: Reader<number> = (value, path) => {
  const bytes = typeof value === 'string' || typeof value === 'number' ? parseSize(value) : undefined;
  if (bytes !== undefined) return bytes;
  throw new ConfigProblem(path, 'must be a size: a number of bytes, or a text such as "10 MB" (0: no limit)');
};

const glob: Reader<RegExp> = (value, path) => {
  const result = globToRegExp(text(value, path));
  if ('error' in result) throw new ConfigProblem(path, `is no valid path pattern: ${result.error}`);
  return result.pattern;
};

const regex: Reader<RegExp> = (value, path) => {
  const result = makeAllowPattern(text(value, path), 'any');
  if ('error' in result) throw new ConfigProblem(path, `is not a usable regular expression: ${result.error}`);
  return result.pattern;
};

/** `/regex/`, else a glob. */
const globOrRegex: Reader<RegExp> = (value, path) => {
  const given = text(value, path);
  return given.length > 2 && given.startsWith('/') && given.endsWith('/')
    ? regex(given.slice(1, -1), path)
    : glob(given, path);
};

const groupName: Reader<number | string> = (value, path) =>
  typeof value === 'string' ? text(value, path) : numberIn({ least: 0, most: 99 })(value, path);

const span = numberIn({ least: 0, most: LARGEST_WINDOW });
const window: Reader<{ before: number; after: number }> = (value, path) => {
  if (typeof value === 'number') return { before: span(value, path), after: span(value, path) };
  return tableOf({ before: span, after: span }, ['before', 'after'])(value, path) as { before: number; after: number };
};

const fingerprint: Reader<string> = (value, path) => {
  const given = text(value, path).toLowerCase();
  if (/^[0-9a-f]{32}$/.test(given)) return given;
  throw new ConfigProblem(path, 'must be a fingerprint as reports show it: 32 hexadecimal digits');
};

const commit: Reader<string> = (value, path) => {
  const given = text(value, path).toLowerCase();
  if (/^[0-9a-f]{7,64}$/.test(given)) return given;
  throw new ConfigProblem(path, 'must be the name of a commit: 7 hexadecimal digits or more');
};

const link: Reader<string> = (value, path) => {
  const given = text(value, path);
  if (/^https?:\/\/[!-~]{1,500}$/.test(given)) return given;
  throw new ConfigProblem(path, 'must be a web address');
};

const texts = listOf(text);
const pathOrNone: Reader<string | false> = (value, path) => (value === false ? false : text(value, path));
/** `true`: all of them, `false`: none, or a list. */
function allOrSome<const T extends string>(words: readonly T[]): Reader<readonly T[]> {
  const list = listOf(oneOf(words));
  return (value, path) => (typeof value === 'boolean' ? (value ? words : []) : list(value, path));
}
const companion = tableOf(
  { role: text, rules: listOf(id), lines: numberIn({ least: 0, most: 1_000_000 }), required: yesOrNo },
  ['role', 'rules'],
);
/** One entry of `rules.custom`. */
export const customRule = tableOf(
  {
    id,
    description: text,
    provider: text,
    pattern: text,
    keywords: texts,
    'secret-group': groupName,
    entropy: numberIn({ least: 0, most: 16, fraction: true }),
    path: globOrRegex,
    severity: oneOf(['critical', 'high', 'medium', 'low']),
    confidence: oneOf(['certain', 'likely', 'hint']),
    stopwords: texts,
    window,
    companions: listOf(companion),
    silent: yesOrNo,
    rotate: link,
    examples: tableOf({ secret: texts, harmless: texts }),
  },
  ['id', 'pattern'],
);

/** One entry of `allow`. */
export const allowEntry = tableOf({
  description: text,
  reason: text,
  rules: listOf(ruleIdPattern),
  names: texts,
  keys: texts,
  condition: oneOf(['AND', 'OR']),
  paths: listOf(glob),
  'path-regexes': listOf(regex),
  values: texts,
  regexes: listOf(regex),
  'regex-target': oneOf(['secret', 'match', 'line']),
  stopwords: texts,
  fingerprints: listOf(fingerprint),
  commits: listOf(commit),
});

const ruleIdPatterns = listOf(ruleIdPattern);

/** What a configuration is built on: one name, or a list of them, the nearest last. */
export const extendsList: Reader<string[]> = (value, path) =>
  Array.isArray(value) ? texts(value, path) : [text(value, path)];

const probability = numberIn({ least: 0, most: 1, fraction: true });
const judge = tableOf({
  use: text,
  url: link,
  band: listOf(probability),
  timeout: numberIn({ least: 1, most: 3600 }),
  parallel: numberIn({ least: 1, most: 64 }),
  hooks: yesOrNo,
});

/** What `sss review` goes by. */
const reviewTable = tableOf({
  seed: numberIn({ least: 0, most: 2_147_483_647 }),
  samples: numberIn({ least: 1, most: 20 }),
  temperature: numberIn({ least: 0, most: 2, fraction: true }),
  guidance: text,
  folder: text,
});

/** The whole configuration. */
export const schema = tableOf({
  preset: oneOf(['strict', 'balanced', 'wide']),
  'max-file-size': size,
  'max-depth': numberIn({ least: 0, most: MOST_DEPTH }),
  model: text,
  device: oneOf(['auto', 'cpu', 'cuda']),
  cache: yesOrNo,
  baseline: pathOrNone,
  markers: tableOf({ own: yesOrNo, peers: allOrSome(MARKER_PEERS), 'require-reason': yesOrNo }),
  'ignore-files': allOrSome(IGNORE_FILE_PEERS),
  judge,
  review: reviewTable,
  rules: tableOf({
    disable: ruleIdPatterns,
    enable: ruleIdPatterns,
    'use-builtin': yesOrNo,
    custom: listOf(customRule),
  }),
  allow: listOf(allowEntry),
  extends: extendsList,
  folders: yesOrNo,
});
