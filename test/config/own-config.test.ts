import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, loadConfig, parseSize } from '../../src/config/index.ts';
import type { Config } from '../../src/types.ts';
import { problem } from './problem.ts';

let cwd: string;
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'sss-config-')));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const write = (path: string, text: string | Buffer) => {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
};
const TOML = '.smart-secrets-scanner.toml';
/** What is in force where nothing is configured. */
const defaults = (): Config => ({ ...DEFAULT_CONFIG, folders: { root: cwd, cwd } });
const load = (options: Partial<Parameters<typeof loadConfig>[0]> = {}) => loadConfig({ cwd, ...options });
const loadToml = (text: string): Promise<Config> => {
  write(TOML, text);
  return load({ ruleIds: () => ['github-pat', 'github-oauth', 'aws-key'] });
};

describe('finding the configuration', () => {
  it('has defaults', async () => {
    expect(await load()).toEqual(defaults());
    write('package.json', '{"devDependencies": {"smart-secrets-scanner": "1"}}');
    expect(await load()).toEqual(defaults());
  });

  it.each([
    [TOML, 'preset = "strict"'],
    ['.smart-secrets-scanner.yaml', 'preset: strict'],
    ['.smart-secrets-scanner.yml', 'preset: strict'],
    ['.smart-secrets-scanner.json', '{"preset": "strict"}'],
    ['package.json', '{"name": "x", "smart-secrets-scanner": {"preset": "strict"}}'],
  ])('reads %s, a byte order mark before it or not', async (name, text) => {
    write(name, text);
    expect(await load()).toEqual({ ...defaults(), preset: 'strict', files: [name] });
    write(name, `\uFEFF${text}`);
    expect((await load()).preset).toBe('strict');
  });

  it('takes the judge, a file of it beside it, in milliseconds', async () => {
    write(TOML, '[judge]\nuse = "llama-cpp:x.gguf"\nband = [0.2, 0.8]\ntimeout = 5\nparallel = 2\nhooks = true\n');
    expect((await loadConfig({ cwd })).judge).toEqual({
      ...{ use: 'llama-cpp:x.gguf', folder: cwd, band: { low: 0.2, high: 0.8 } },
      ...{ timeoutMs: 5000, parallel: 2, hooks: true },
    });
  });

  it('takes the model beside it, and the device', async () => {
    write(`conf/${TOML}`, 'model = "../models/mine"\ndevice = "CPU"\n');
    const config = await load({ file: `conf/${TOML}` });
    expect([config.model, config.device]).toEqual([join(cwd, 'models', 'mine'), 'cpu']);
    write(`conf/${TOML}`, `model = ${JSON.stringify(join(cwd, 'elsewhere'))}`);
    expect((await load({ file: `conf/${TOML}` })).model).toBe(join(cwd, 'elsewhere'));
    expect(await load()).not.toHaveProperty('model');
    expect(await problem(loadToml('device = "tpu"'))).toBe(
      `${TOML}:1: device must be one of auto, cpu, cuda | Did you mean "cpu"?`,
    );
    expect(await problem(loadToml('model = ""'))).toBe(`${TOML}:1: model must not be empty`);
  });

  it('looks in the root, and shows paths as seen from the current directory', async () => {
    write(`sub/${TOML}`, 'preset = "wide"');
    expect((await load({ root: join(cwd, 'sub') })).files).toEqual([`sub/${TOML}`]);
    expect((await load({ cwd: join(cwd, 'sub', 'deep'), root: join(cwd, 'sub') })).files).toEqual([
      `${cwd}/sub/${TOML}`,
    ]);
  });

  it('refuses two', async () => {
    write(TOML, '');
    write('package.json', '{"smart-secrets-scanner": {}}');
    expect(await problem(load())).toContain(`${TOML} and package.json`);
    expect((await load({ file: TOML })).files).toEqual([TOML]);
  });

  it('prefers ours to that of gitleaks', async () => {
    write('.gitleaks.toml', '[[rules]]\nid = "x"\nregex = "xyz_[a-z]{9}"');
    write('gitleaks.toml', '');
    const config = await load();
    expect(config.customRules.map((rule) => rule.id)).toEqual(['x']);
    expect(config.warnings).toEqual(['gitleaks.toml is not used: .gitleaks.toml comes first']);
    write(TOML, '');
    expect(await load()).toEqual({ ...defaults(), files: [TOML] });
  });

  it('takes the file that is named', async () => {
    write('conf/team.yaml', 'preset: wide');
    write('conf/leaks.toml', '[extend]\nuseDefault = true');
    write('conf/none.ini', '');
    expect((await load({ file: 'conf/team.yaml' })).preset).toBe('wide');
    expect((await load({ file: 'conf/leaks.toml' })).files).toEqual(['conf/leaks.toml']);
    expect(await problem(load({ file: 'conf/none.ini' }))).toContain('.toml, .yaml, .yml, .json');
    expect(await problem(load({ file: 'nope.toml' }))).toContain('nope.toml: it does not exist');
    expect(await problem(load({ file: 'conf' }))).toContain('conf is not a file');
    expect(await problem(load({ file: join(cwd, 'package.json') }))).toContain('does not exist');
  });

  it('tells what cannot be read', async () => {
    expect(await problem(loadConfig({ cwd: join(cwd, 'gone') }))).toContain('cannot list the directory');
    write(TOML, Buffer.from([0xff, 0xfe, 0x61, 0]));
    expect(await problem(load())).toContain('not valid UTF-8');
    write(TOML, Buffer.alloc(1_000_001, '#'));
    expect(await problem(load())).toContain('1 MB');
  });
});

describe('broken syntax', () => {
  it.each([
    [TOML, 'a = 1\nb = = "hunter2-hunter2"', /toml:2:\d+: not valid TOML/],
    ['.smart-secrets-scanner.yaml', 'a: 1\nb: [hunter2-hunter2', /yaml:2:\d+: not valid YAML/],
    [
      '.smart-secrets-scanner.json',
      '{"a": 1,\n "b": "hunter2-hunter2",\n}',
      /json:3:1: not valid JSON: a comma or a bracket too many/,
    ],
    ['.smart-secrets-scanner.json', '{"a": 1,\n // hunter2-hunter2\n}', /json:2:2: .*comments/],
    ['.smart-secrets-scanner.json', '{"a" "hunter2-hunter2"}', /json:1:6: .*colon/],
    ['.smart-secrets-scanner.json', '{"a": ["hunter2-hunter2"', /json:1:25: .*too early/],
    ['.smart-secrets-scanner.json', '{"a": hunter2}', /json:1:7: .*value/],
    ['.smart-secrets-scanner.json', '{"a": 1} "hunter2"', /json:1:10: .*behind the end/],
    ['.smart-secrets-scanner.json', '', /json:1:1: .*too early/],
    ['package.json', '{"smart-secrets-scanner": {"a" 1}', /package.json:1:32: not valid JSON/],
  ])('%s: %s', async (name, text, expected) => {
    write(name, text);
    const message = await problem(load());
    expect(message).toMatch(expected);
    // The file may hold real values.
    expect(message).not.toContain('hunter2');
  });

  it('survives bombs', async () => {
    write(
      '.smart-secrets-scanner.yaml',
      [
        'a: &a [x]',
        ...Array.from({ length: 9 }, (_, i) => `b${i}: &b${i} [${`*${i ? `b${i - 1}` : 'a'}, `.repeat(9)}]`),
      ].join('\n'),
    );
    expect(await problem(load())).toContain('anchors');
    for (const file of ['x.json', 'x.yaml', 'x.toml']) {
      write(file, `${file === 'x.toml' ? 'a = ' : ''}${'['.repeat(200_000)}`);
      await problem(load({ file }));
    }
  });
});

describe('mistakes in the content', () => {
  it.each<[text: string, expected: string]>([
    ['preset = "strickt"', `${TOML}:1: preset must be one of strict, balanced, wide | Did you mean "strict"?`],
    ['\nmaxFileSize = 3', `${TOML}:2: maxFileSize is not a known key | Did you mean "max-file-size"?`],
    ['max-file-size = "ten"', `${TOML}:1: max-file-size must be a size`],
    ['max-depth = "2"', `${TOML}:1: max-depth must be a whole number from 0 to 16, not a string`],
    ['max-depth = 17', `${TOML}:1: max-depth must be a whole number from 0 to 16`],
    ['judge = "ollama"', `${TOML}:1: judge must be a table, not a string`],
    [
      'judge.model = "x"',
      `${TOML}:1: judge.model is not a known key | Known here: use, url, band, timeout, parallel, hooks.`,
    ],
    [
      'judge.band = [0.9, 0.1]',
      `${TOML}:1: judge.band must be two probabilities, the lower one first | For example: [0.1, 0.9]`,
    ],
    [
      'judge.band = [0.5]',
      `${TOML}:1: judge.band must be two probabilities, the lower one first | For example: [0.1, 0.9]`,
    ],
    ['judge.band = [0, 2]', `${TOML}:1: judge.band[1] must be a number from 0 to 1`],
    ['judge.timeout = 0', `${TOML}:1: judge.timeout must be a whole number from 1 to 3600`],
    ['max-depth = -1', `${TOML}:1: max-depth must be a whole number from 0 to 16`],
    ['colour = 1', `${TOML}:1: colour is not a known key | Known here: preset,`],
    ['preset = 3', 'preset must be a text, not a number'],
    ['preset = 2024-01-01', 'preset must be a text'],
    ['allow = {}', 'allow must be a list, not a table'],
    ['[[rules]]', 'rules must be a table, not a list'],
    ['rules = 1979-05-27', 'rules must be a table'],
    ['[rules]\nuse-builtin = "no"', 'rules.use-builtin must be true or false, not a string'],
    [
      '[rules]\ndisable = ["github-*", "githb-pat"]',
      `${TOML}:2: rules.disable[1] there is no rule "githb-pat" | Did you mean "github-pat"?`,
    ],
    ['[[allow]]\nrules = ["slack-*"]\npaths = ["x"]', 'allow[0].rules[0] there is no rule "slack-*"'],
    ['[[allow]]\nreason = "x"', `${TOML}:1: allow[0] names nothing that is allowed`],
    ['[[allow]]\nrules = ["aws-key"]', 'rules.disable'],
    ['[[allow]]\npaths = ["!x"]', 'allow[0].paths[0] is no valid path pattern: exceptions'],
    ['[[allow]]\nstopwords = [""]', 'allow[0].stopwords[0] must not be empty'],
    [
      '[[allow]]\nregexes = ["a", "(a+)+$"]',
      'allow[0].regexes[1] is not a usable regular expression: a repeat inside a repeat',
    ],
    ['[[allow]]\nfingerprints = ["abc"]', 'allow[0].fingerprints[0] must be a fingerprint'],
    ['[[allow]]\ncommits = ["HEAD"]', 'allow[0].commits[0] must be the name of a commit'],
    [
      '[[allow]]\npaths = ["a"]\n[[allow]]\npaths = ["b"]\nregex-target = "lines"',
      `${TOML}:5: allow[1].regex-target must be one of`,
    ],
    ['[[rules.custom]]\nid = "a"', `${TOML}:1: rules.custom[0] needs the key "pattern"`],
    ['[[rules.custom]]\npattern = "abc"', 'rules.custom[0] needs the key "id"'],
    ['[[rules.custom]]\nid = "a b"\npattern = "abc"', `${TOML}:2: rules.custom[0].id must consist of`],
    [
      '[[rules.custom]]\nid = "a"\npattern = "abc"\n[[rules.custom]]\nid = "b"\npattern = "ab[c"',
      `${TOML}:6: rules.custom[1].pattern is not a usable regular expression: a [ has no ]`,
    ],
    ['[[rules.custom]]\nid = "a"\npattern = "a*"', 'matches the empty text'],
    ['[[rules.custom]]\nid = "a"\npattern = "(abc)"\nsecret-group = 2', 'it has only 1'],
    [
      '[[rules.custom]]\nid = "a"\npattern = "abc"\nsecret-group = -1',
      'secret-group must be a whole number from 0 to 99',
    ],
    ['[[rules.custom]]\nid = "a"\npattern = "abc"\nseverty = "high"', 'Did you mean "severity"?'],
    ['[[rules.custom]]\nid = "a"\npattern = "abc"\nrotate = "javascript:x"', 'must be a web address'],
    ['[[rules.custom]]\nid = "a"\npattern = "abc"\nwindow = { before = 1 }', 'window needs the key "after"'],
    [
      '[[rules.custom]]\nid = "a"\npattern = "abc"\n[[rules.custom]]\nid = "a"\npattern = "abc"',
      'rules.custom[1].id is used by another rule already: a',
    ],
    ['__proto__ = 1', '__proto__ is not a known key'],
    ['constructor = 1', 'constructor is not a known key'],
  ])('%s', async (text, expected) => expect(await problem(loadToml(text))).toContain(expected));

  it('names the line in YAML and JSON too', async () => {
    write('a.yaml', 'allow:\n  - paths: [x]\n  - paths:\n      - y\n      - "!z"\n');
    expect(await problem(load({ file: 'a.yaml' }))).toContain('a.yaml:5: allow[1].paths[1]');
    write('a.json', '{\n "rules": {\n  "disabled": []\n }\n}');
    expect(await problem(load({ file: 'a.json' }))).toContain(
      'a.json:3: rules.disabled is not a known key | Did you mean "disable"?',
    );
    write('package.json', '{\n "smart-secrets-scanner": {\n  "preset": "x"\n }\n}');
    expect(await problem(load())).toContain('package.json:3: smart-secrets-scanner.preset must be one of');
  });

  it('never quotes a value', async () => {
    for (const text of [
      'values = ["hunter2-hunter2", 3]',
      'values = "hunter2-hunter2"',
      'stopwords = [["hunter2-hunter2"]]',
    ]) {
      expect(await problem(loadToml(`[[allow]]\n${text}`))).not.toContain('hunter2');
    }
  });
});

describe('what is read', () => {
  it('reads everything', async () => {
    const config = await loadToml(`
preset = "wide"
max-file-size = "2 MiB"
max-depth = 2
[rules]
disable = ["github-*", "acme-key"]
use-builtin = false
[[rules.custom]]
id = "acme-key"
description = "Acme\\u001b[31m key"
provider = "Acme"
pattern = '''(?i)acme[_-]key\\s*=\\s*"(?P<value>[0-9a-f]{32})"'''
secret-group = "value"
keywords = ["ACME"]
entropy = 3.2
path = "/\\\\.env$/"
severity = "critical"
confidence = "certain"
stopwords = ["EXAMPLE"]
rotate = "https://acme.example/keys"
examples = { secret = ['acme_key = "{{hex:32}}"'] }
[[allow]]
reason = "docs"
rules = ["acme-*"]
condition = "and"
paths = ["docs/"]
values = ["a"]
regexes = ["^b"]
regex-target = "line"
stopwords = ["Demo"]
fingerprints = ["${'A'.repeat(32)}"]
commits = ["ABCDEF0"]
`);
    expect(config).toMatchObject({
      preset: 'wide',
      maxFileSize: 2_097_152,
      maxDepth: 2,
      useBuiltinRules: false,
      disabledRules: ['github-*', 'acme-key'],
      warnings: [],
    });
    const [rule] = config.customRules;
    expect(rule).toMatchObject({
      id: 'acme-key',
      provider: 'Acme',
      description: 'Acme [31m key',
      keywords: ['acme'],
      entropy: 3.2,
      severity: 'critical',
      confidence: 'certain',
      stopwords: ['example'],
      rotate: 'https://acme.example/keys',
      origin: TOML,
      examples: { secret: ['acme_key = "{{hex:32}}"'], harmless: [] },
    });
    expect(rule!.path!.test('a/.env')).toBe(true);
    const value = '0f'.repeat(16);
    expect(rule!.pattern.exec(`ACME-KEY = "${value}"`)!.groups).toEqual({ secret: value });
    expect(config.allow).toEqual([
      {
        description: 'docs',
        origin: TOML,
        ruleIds: ['acme-*'],
        condition: 'AND',
        paths: [expect.any(RegExp)],
        values: ['a'],
        regexes: [/^b/],
        regexTarget: 'line',
        stopwords: ['demo'],
        fingerprints: ['a'.repeat(32)],
        commits: ['abcdef0'],
      },
    ]);
  });

  it('finds keywords, and windows wide enough for a match', async () => {
    const rules = async (...bodies: string[]) =>
      loadToml(bodies.map((body, i) => `[[rules.custom]]\nid = "r${i}"\n${body}\n`).join(''));
    const config = await rules(
      "pattern = 'acme_[a-z]{20}'",
      "pattern = 'BEGIN ACME[\\s\\S]+?END ACME'",
      "pattern = '[0-9a-f]{40}'",
      "pattern = '[0-9a-f]{40}'\nkeywords = ['acme']",
      "pattern = 'acme[0-9a-f]{40}'\nkeywords = ['clé']",
      "pattern = 'acme[0-9a-f]{1000}'\nwindow = 2000",
      "pattern = 'acme[0-9a-f]{1000}'",
    );
    expect(config.customRules.map(({ keywords, window }) => ({ keywords, window }))).toEqual([
      { keywords: ['acme_'], window: undefined },
      { keywords: ['begin acme'], window: { before: 16_384, after: 16_384 } },
      { keywords: [], window: undefined },
      { keywords: ['acme'], window: { before: 262_144, after: 262_144 } },
      { keywords: ['acme'], window: undefined },
      { keywords: ['acme'], window: { before: 2000, after: 2000 } },
      { keywords: ['acme'], window: { before: 1004, after: 1004 } },
    ]);
    expect(config.warnings).toEqual([expect.stringContaining('the rule "r2" has no keywords')]);
  });

  it('does not check rule ids when they are not known', async () => {
    write(TOML, '[rules]\ndisable = ["nope"]');
    expect((await load()).disabledRules).toEqual(['nope']);
  });
});

describe('parseSize', () => {
  it.each([
    [0, 0],
    [1000, 1000],
    ['1000', 1000],
    ['10 MB', 1e7],
    ['1.5kB', 1500],
    ['1 KiB', 1024],
    ['2gib', 2 ** 31],
    ['3 b', 3],
    ['', undefined],
    ['-1', undefined],
    [-1, undefined],
    [1.5, 2],
    ['1 XB', undefined],
    ['1e3', undefined],
    ['9e99 GB', undefined],
    ['1 constructor', undefined],
    [Number.NaN, undefined],
  ])('%s', (given, bytes) => expect(parseSize(given)).toBe(bytes));
});
