import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { importRules } from '../../src/config/import/index.ts';
import { withoutLayout } from '../../src/config/import/layout.ts';
import { loadConfig } from '../../src/config/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sss-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

function imported(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return importRules({ path, shown: name });
}

/** What the written configuration is when it is read back. */
async function readBack(toml: string) {
  writeFileSync(join(folder, 'back.toml'), toml);
  return loadConfig({ cwd: folder, file: 'back.toml', ruleIds: () => [] });
}

const GITLEAKS = `
title = "ours"
[extend]
useDefault = true
[[rules]]
id = "acme token"
description = "Acme's \\"deploy\\" token"
regex = '''(?i)\\bacme_([a-z0-9]{20})(?:['"\\s]|$)'''
secretGroup = 1
entropy = 3.1
keywords = ["ACME_"]
path = '''deploy/.*\\.env$'''
[[rules.required]]
id = "helper"
withinLines = 3
[[rules.required]]
id = "elsewhere"
[[rules.allowlists]]
condition = "AND"
regexTarget = "line"
regexes = ['''EXAMPLE''']
paths = ['''(^|/)docs/''']
[[rules]]
id = "bad"
regex = '''(a+)+x'''
[rules.allowlist]
stopwords = ["x"]
[[rules]]
id = "by-name"
path = '''\\.p12$'''
[[rules]]
id = "helper"
regex = '''help[0-9]{9}'''
skipReport = true
[allowlist]
paths = ['''vendor/''']
commits = ["0123456789abcdef", "no commit"]
[[allowlists]]
targetRules = ["elsewhere"]
stopwords = ["y"]
`;

const KINGFISHER = `
rules:
  - name: Acme Token
    id: kingfisher.acme.1
    pattern: |
      (?xi)
      \\b acme [\\s_-]{0,3}     # the name, a # and (brackets
      (?P<TOKEN>
        [A-Z0-9]{20}
      )
      \\b
    min_entropy: 3.3
    confidence: low
    pattern_requirements:
      ignore_if_contains: [example]
      min_digits: 2
    depends_on_rule:
      - rule_id: kingfisher.acme.2
        variable: ACME_ID
    examples: ["x"]
    validation: { type: Http }
  - name: Helper
    id: kingfisher.acme.2
    visible: false
    pattern: 'acme-id-[0-9]{8}'
  - name: Old Style Name
    pattern: 'olds_([0-9a-f]{32})'
    examples: ["y"]
`;

describe('imported rules', () => {
  it('of gitleaks keep their meaning', async () => {
    const { toml, rules, allow } = await imported('gitleaks.toml', GITLEAKS);
    expect({ rules, allow }).toEqual({ rules: 2, allow: 2 });
    const config = await readBack(toml);
    const [rule, helper] = config.customRules;
    expect(helper).toMatchObject({ id: 'helper', silent: true });
    expect(rule!.companions).toEqual([{ role: 'helper', rules: ['helper'], lines: 3, required: true }]);
    expect(rule).toMatchObject({ id: 'acme-token', entropy: 3.1, keywords: ['acme_'] });
    expect(rule!.description).toBe('Acme\'s "deploy" token');
    expect(rule!.path!.test('deploy/a.env')).toBe(true);
    expect(rule!.path!.test('other/a.env')).toBe(false);
    expect(rule!.pattern.exec(`ACME_${'a1'.repeat(10)}"`)?.groups?.secret).toBe('a1'.repeat(10));
    expect(config.allow[0]).toMatchObject({ ruleIds: ['acme-token'], condition: 'AND', regexTarget: 'line' });
    expect(config.allow[0]!.paths![0]!.test('src/docs/a.md')).toBe(true);
    expect(config.allow[1]).toMatchObject({ commits: ['0123456789abcdef'] });
    expect(config.useBuiltinRules).toBe(true);
  });

  it('of gitleaks that cannot be taken are named with the reason', async () => {
    const { problems } = await imported('gitleaks.toml', GITLEAKS);
    expect(problems.map((line) => line.slice(0, 60))).toEqual([
      'extend is not followed: import the files that it names one b',
      'by-name is not taken: it tells files by their names alone',
      'bad is not taken: a repeat inside a repeat can match the sam',
      'acme-token is taken without elsewhere, not in this file: it ',
      'an allowlist is not taken: it is for elsewhere, not in this ',
    ]);
  });

  it('of kingfisher and noseyparker keep their meaning', async () => {
    const { toml, rules, problems } = await imported('rules.yml', KINGFISHER);
    expect(rules).toBe(3);
    const { customRules } = await readBack(toml);
    const [acme, helper, old] = customRules;
    expect(helper).toMatchObject({ id: 'kingfisher.acme.2', silent: true });
    expect(acme!.companions).toEqual([{ role: 'acme id', rules: ['kingfisher.acme.2'] }]);
    expect(acme).toMatchObject({ id: 'kingfisher.acme.1', confidence: 'hint', entropy: 3.3, stopwords: ['example'] });
    expect(acme!.pattern.exec(`acme_${'B2'.repeat(10)}`)?.groups?.secret).toBe('B2'.repeat(10));
    expect(old).toMatchObject({ id: 'Old-Style-Name', description: 'Old Style Name' });
    expect(problems).toEqual([
      'kingfisher.acme.1 is taken without min_digits, so it may report more',
      'the examples of 2 rules are not taken: they look like live secrets; write your own with holes, see docs/rules.md',
      'the validation of a rule is not taken: no server is asked',
    ]);
  });

  it.each([
    ['a.toml', '= ['],
    ['a.yml', '- a\n- b\n'],
    ['a.yml', 'rules: [ { id: 3, pattern: [] } ]'],
    ['a.txt', 'rules'],
    ['a.toml', 'rules = 3'],
  ])('of no use are refused: %s %j', async (name, text) => {
    await expect(imported(name, text)).rejects.toMatchObject({ name: 'UserError' });
  });

  it('survive texts that are hard to write', async () => {
    const regex = `tok'''"\\\\x[\\]a-z]{20}'`;
    const { toml } = await imported(
      'hard.toml',
      `[[rules]]\nid = "hard"\nregex = ${JSON.stringify(regex)}\ndescription = "\\u001b[31m\\n'''"\n`,
    );
    const { customRules } = await readBack(toml);
    expect(customRules[0]!.pattern.test(`tok'''"\\x${'a'.repeat(20)}'`)).toBe(true);
  });
});

describe('a pattern with layout', () => {
  it.each([
    ['a b#c', 'a b#c'],
    ['(?x) a b # c\n d', 'abd'],
    ['(?xi)a\\ b\\#c', '(?i)a\\ b\\#c'],
    ['(?x: a b ) c d', '(?:ab) c d'],
    ['((?x) a b ) c', '(ab) c'],
    ['(?x) [a#\n b] \n c', '[a#b]c'],
    ['(?x) a (?-x: b c) d', 'a(?: b c)d'],
    ['(?x)[]a ] # x', '[]a]'],
    ['(?x)[^][:alpha:] -] d', '[^][:alpha:]-]d'],
    ['(?-u)\\w', '\\w'],
    ['(?x) (?P<T> a ) # )', '(?P<T>a)'],
  ])('%j becomes %j', (source, plain) => expect(withoutLayout(source)).toBe(plain));
});
