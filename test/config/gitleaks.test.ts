import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import type { Config } from '../../src/types.ts';
import { UserError } from '../../src/util/errors.ts';

let cwd: string;
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'sss-gitleaks-')));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const IDS = [
  'github-personal-access-token',
  'github-oauth-token',
  'generic-password',
  'generic-token',
  'acme-access-token',
  'jwt',
];
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
};
const load = (text: string, ids: readonly string[] | undefined = IDS): Promise<Config> => {
  write('.gitleaks.toml', text);
  return loadConfig({ cwd, ruleIds: ids && (() => ids) });
};
const problem = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
};

describe('gitleaks.toml', () => {
  it('is taken over', async () => {
    const config = await load(`
title = "team rules"
[[rules]]
id = "Team Key"
description = "A team key"
regex = '''(?i)(team)_key\\s*=\\s*"([a-z0-9]{32})"'''
secretGroup = 2
entropy = 3.5
keywords = ["TEAM_KEY"]
path = '''\\.env$'''
tags = ["key"]
[rules.allowlist]
regexes = ['''EXAMPLE$''']
stopwords = ["Demo"]
[[rules.allowlists]]
condition = "AND"
paths = ['''^docs/''']
regexTarget = "line"
regexes = ['''(?i)sample''']
[[rules.allowlists]]
commits = [" ABCDEF0123456789ABCDEF0123456789ABCDEF01 "]
[allowlist]
description = "everywhere"
paths = ['''(?i)\\.(?:png|gif)$''']
[[allowlists]]
targetRules = ["Team Key"]
stopwords = ["later"]
`);
    const [rule] = config.customRules;
    expect(rule).toMatchObject({
      id: 'Team Key',
      description: 'A team key',
      entropy: 3.5,
      keywords: ['team_key'],
      origin: '.gitleaks.toml',
    });
    expect(rule!.path).toEqual(/\.env$/);
    const value = 'a1'.repeat(16);
    expect(rule!.pattern.exec(`Team_Key = "${value}"`)!.groups).toEqual({ secret: value });
    expect(config).toMatchObject({ useBuiltinRules: false, files: ['.gitleaks.toml'], disabledRules: [] });
    const empty = { commits: [], paths: [], regexes: [], stopwords: [], origin: '.gitleaks.toml' };
    expect(config.allow).toEqual([
      {
        ...empty,
        ruleIds: ['Team Key'],
        condition: 'OR',
        regexTarget: 'secret',
        regexes: [/EXAMPLE$/],
        stopwords: ['demo'],
      },
      {
        ...empty,
        ruleIds: ['Team Key'],
        condition: 'AND',
        regexTarget: 'line',
        paths: [/^docs\//],
        regexes: [/sample/i],
      },
      {
        ...empty,
        ruleIds: ['Team Key'],
        condition: 'OR',
        regexTarget: 'secret',
        commits: ['abcdef0123456789abcdef0123456789abcdef01'],
      },
      { ...empty, description: 'everywhere', condition: 'OR', regexTarget: 'secret', paths: [/\.(?:png|gif)$/i] },
      { ...empty, ruleIds: ['Team Key'], condition: 'OR', regexTarget: 'secret', stopwords: ['later'] },
    ]);
    expect(config.warnings).toEqual(['.gitleaks.toml: the tags of a rule are not used']);
  });

  it('reads keys in any case, and texts for lists and numbers', async () => {
    const config = await load(
      '[[RULES]]\nID = "x"\nRegex = "(abc)([0-9]{4})"\nSECRETGROUP = "2"\nKeywords = "Abc,abd"\nEntropy = "1.5"',
    );
    expect(config.customRules[0]).toMatchObject({ keywords: ['abc', 'abd'], entropy: 1.5 });
    expect(config.customRules[0]!.pattern.exec('abc1234')!.groups!.secret).toBe('1234');
    expect(config.warnings).toEqual([]);
  });

  it('ignores the names of groups, as gitleaks does', async () => {
    const config = await load('[[rules]]\nid = "x"\nregex = "(?P<key>abc)(?P<secret>[0-9]{4})"');
    expect(config.customRules[0]!.pattern.exec('abc1234')!.groups).toBeUndefined();
  });

  it('searches the whole file when a keyword need not be in the match', async () => {
    const rules = (
      await load(
        '[[rules]]\nid = "far"\nregex = "[0-9]{20}"\nkeywords = ["acme"]\n[[rules]]\nid = "near"\nregex = "acme[0-9]{20}"\nkeywords = ["acm"]',
      )
    ).customRules;
    expect(rules.map((rule) => rule.window)).toEqual([{ before: 262_144, after: 262_144 }, undefined]);
  });

  it('puts our rules in the place of the default ones', async () => {
    const config = await load(`
[extend]
useDefault = true
disabledRules = ["github-oauth", "generic-api-key", "acme-api-key", "unheard-of"]
[[rules]]
id = "github-pat"
entropy = 4
[[rules.allowlists]]
paths = ["x"]
[[rules]]
id = "jwt"
regex = "ey[a-z]{20}"
[[rules]]
id = "beamer-api-token"
[[rules.allowlists]]
paths = ["x"]
[[allowlists]]
targetRules = ["github-pat", "nope"]
paths = ["y"]
`);
    expect(config.useBuiltinRules).toBe(true);
    expect(config.disabledRules).toEqual([
      'github-oauth-token',
      'generic-password',
      'generic-token',
      'acme-access-token',
    ]);
    expect(config.customRules.map((rule) => rule.id)).toEqual(['jwt']);
    expect(config.allow.map((entry) => entry.ruleIds)).toEqual([
      ['github-personal-access-token'],
      ['github-personal-access-token'],
    ]);
    expect(config.warnings).toEqual([
      expect.stringContaining('corresponds to the disabled rule "unheard-of"'),
      expect.stringContaining('"github-pat" keeps its own entropy'),
      expect.stringContaining('"jwt" has no keywords'),
      expect.stringContaining('"beamer-api-token" has no regex, and there is no built-in rule'),
      expect.stringContaining('for the rule "nope", which is not in use'),
    ]);
  });

  it('turns off the rule of ours that an own rule replaces', async () => {
    const config = await load('[extend]\nuseDefault = true\n[[rules]]\nid = "github-pat"\nregex = "ghx_[a-z]{36}"');
    expect(config.disabledRules).toEqual(['github-personal-access-token']);
    expect((await load('[[rules]]\nid = "github-pat"\nregex = "ghx_[a-z]{36}"')).disabledRules).toEqual([]);
  });

  it('names what it cannot take over', async () => {
    const { warnings, customRules, allow } = await load(`
colour = 1
[extend]
url = "https://example.com"
[[rules]]
id = "files"
path = '''\\.pem$'''
[[rules]]
id = "evil"
regex = '''(a+)+$'''
[[rules]]
id = "primary"
regex = '''password_(.+)'''
verify = true
[[rules.required]]
id = "helper"
withinLines = 5
withinColumns = 9
[[rules.required]]
id = "missing"
[[rules]]
id = "helper"
regex = '''username_(.+)'''
skipReport = true
[[allowlists]]
condition = "AND"
paths = ["^docs"]
regexes = ['''(a+)+$''']
[[allowlists]]
paths = [""]
stopwords = ["x"]
`);
    expect(customRules).toEqual([
      expect.objectContaining({
        id: 'primary',
        companions: [{ role: 'helper', rules: ['helper'], lines: 5, required: true }],
      }),
      expect.objectContaining({ id: 'helper', silent: true }),
    ]);
    expect(allow).toEqual([expect.objectContaining({ paths: [], stopwords: ['x'] })]);
    expect(warnings).toEqual([
      expect.stringContaining('the key colour is not known'),
      expect.stringContaining('extend.url is not supported'),
      expect.stringContaining('the key rules[2].verify is not known'),
      expect.stringContaining('withinColumns of the required rule "helper" is not used'),
      expect.stringContaining('allowlists[0].regexes[0] is not used: a repeat inside a repeat'),
      expect.stringContaining('allowlists[0] is not used'),
      expect.stringContaining('allowlists[1].paths[0] is not used: it is empty'),
      expect.stringContaining('"files" is not used: it has no regex'),
      expect.stringContaining('"evil" is not used: a repeat inside a repeat'),
      expect.stringContaining('"primary" is used without "missing", which it requires'),
    ]);
  });

  it.each<[text: string, expected: string]>([
    ['[[rules]]\nregex = "abc"', '.gitleaks.toml:1: rules[0] needs the key "id"'],
    [
      '[[rules]]\nid = "x"\nregex = "a(b"',
      '.gitleaks.toml:3: rules[0].regex is no usable regular expression (rule "x"): a ( has no )',
    ],
    ['[[rules]]\nid = "x"\nregex = "(?=a)b"', 'lookahead and lookbehind are not supported by Go'],
    ['[[rules]]\nid = "x"\nregex = "(ab)"\nsecretGroup = 2', 'only 1'],
    ['[[rules]]\nid = "x"', '.gitleaks.toml:1: rules[0] (rule "x") needs a regex'],
    [
      '[[rules]]\nid = "x"\nregex = "abc"\n[[rules.allowlists]]\ndescription = "y"',
      '.gitleaks.toml:4: rules[0].allowlists[0] names nothing',
    ],
    [
      '[[allowlists]]\nregexTarget = "file"\nregexes = ["a"]',
      '.gitleaks.toml:2: allowlists[0].regexTarget must be one of',
    ],
    ['[allowlist]\ncondition = "XOR"\npaths = ["a"]', '.gitleaks.toml:2: allowlist.condition must be one of AND, OR'],
    ['[allowlist]\npaths = ["["]', '.gitleaks.toml:2: allowlist.paths[0] is no valid regular expression'],
    ['rules = 3', 'rules must be a table'],
    ['[[rules]]\nid = "a\\u001b[0m"', 'control characters'],
  ])('refuses what gitleaks refuses: %s', async (text, expected) =>
    expect(await problem(load(text))).toContain(expected),
  );
});

describe('extend.path', () => {
  it('lays the file over the one it extends', async () => {
    write(
      'base/team.toml',
      `
[extend]
path = "../more.toml"
[[rules]]
id = "one"
description = "One"
regex = "one_([a-z]{8})"
entropy = 2
keywords = ["one"]
[[rules]]
id = "two"
regex = "two_[a-z]{8}"
[[allowlists]]
paths = ["^base"]`,
    );
    write('more.toml', '[[rules]]\nid = "three"\nregex = "three_[a-z]{8}"');
    const config = await load(`
[extend]
path = "base/team.toml"
disabledRules = ["two", "four"]
[[rules]]
id = "one"
entropy = 3
keywords = ["uno"]
[[rules.allowlists]]
stopwords = ["x"]
[[allowlists]]
paths = ["^own"]`);
    expect(config.files).toEqual(['.gitleaks.toml', 'base/team.toml', 'more.toml']);
    expect(
      config.customRules.map(({ id, description, entropy, keywords }) => ({ id, description, entropy, keywords })),
    ).toEqual([
      { id: 'three', description: 'three', entropy: undefined, keywords: ['three_'] },
      { id: 'one', description: 'One', entropy: 3, keywords: ['one', 'uno'] },
    ]);
    expect(config.allow.map((entry) => entry.ruleIds ?? entry.paths)).toEqual([['one'], [/^own/], [/^base/]]);
    expect(config.warnings).toEqual([
      '.gitleaks.toml: the disabled rule "four" is not in the files that this one extends',
    ]);
  });

  it('blames the file that has the mistake', async () => {
    write('base.toml', '\n[[rules]]\nid = "x"\nregex = "a(b"');
    expect(await problem(load('[extend]\npath = "base.toml"\n[[rules]]\nid = "x"\nentropy = 3'))).toContain(
      'base.toml:4: rules[0].regex',
    );
    write('base.toml', 'a = = 1');
    expect(await problem(load('[extend]\npath = "base.toml"'))).toContain('base.toml:1:5: not valid TOML');
  });

  it('is looked for beside the first file and in the current directory too', async () => {
    write('conf/a.toml', '[extend]\npath = "conf/b.toml"');
    write('conf/b.toml', '[extend]\npath = "c.toml"');
    write('conf/c.toml', '[extend]\nuseDefault = true');
    write('start.toml', '[extend]\npath = "conf/a.toml"');
    const config = await loadConfig({ cwd, file: 'start.toml' });
    expect(config.files).toEqual(['start.toml', 'conf/a.toml', 'conf/b.toml', 'conf/c.toml']);
    expect(config.useBuiltinRules).toBe(true);
    const other = await loadConfig({ cwd, file: 'conf/a.toml' });
    expect(other.files).toEqual(['conf/a.toml', 'conf/b.toml', 'conf/c.toml']);
  });

  it('ends', async () => {
    write('b.toml', '[extend]\npath = ".gitleaks.toml"');
    expect(await problem(load('[extend]\npath = "b.toml"'))).toContain('.gitleaks.toml extends itself');
    for (let i = 0; i < 9; i++) write(`n${i}.toml`, `[extend]\npath = "n${i + 1}.toml"`);
    expect(await problem(load('[extend]\npath = "n0.toml"'))).toContain('more than 5 files');
    expect(await problem(load('[extend]\npath = "gone.toml"'))).toContain('gone.toml: it does not exist');
    expect(await problem(load('[extend]\npath = "/dev/null"'))).toContain('is not a file');
  });
});
