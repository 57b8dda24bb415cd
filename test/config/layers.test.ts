import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderConfigs } from '../../src/config/folders.ts';
import { loadConfig } from '../../src/config/index.ts';
import { loadRules } from '../../src/rules/rule-set.ts';
import type { Config } from '../../src/types.ts';
import { problem } from './problem.ts';

const TOML = '.smart-secrets-scanner.toml';
const ids = ['jwt', 'shopify-token', 'shopify-secret'];
let top: string;
let cwd: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'sss-layers-')));
  cwd = join(top, 'repo');
  mkdirSync(cwd);
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
};
const load = (text?: string): Promise<Config> => {
  if (text !== undefined) write(TOML, text);
  return loadConfig({ cwd, ruleIds: () => ids });
};
const rule = (id: string, description = id) =>
  `{ id = "${id}", pattern = "${id}_[a-z]{9}", description = "${description}" }`;
const rulesOn = (config: Config) => {
  const custom = ids.map((id) => ({ ...config.customRules[0]!, id }));
  return loadRules({ ...config, useBuiltinRules: false, customRules: [...custom, ...config.customRules] })
    .rules.map(({ id }) => id)
    .sort();
};

describe('extends', () => {
  it('lays a configuration over those that it names, the last of them nearest', async () => {
    write(
      'conf/far.yaml',
      'preset: strict\nmax-depth: 1\nmodel: m\nallow: [{ paths: [far] }]\nrules: { disable: [jwt] }',
    );
    write('conf/near.json', '{"max-depth": 2, "allow": [{"paths": ["near"], "reason": "n"}], "device": "cpu"}');
    const config = await load(
      'extends = ["conf/far.yaml", "./conf/near.json"]\ndevice = "auto"\nrules.disable = ["shopify-*"]\n[[allow]]\npaths = ["own"]',
    );
    expect(config).toMatchObject({
      preset: 'strict',
      maxDepth: 2,
      model: join(cwd, 'conf', 'm'),
      device: 'auto',
      disabledRules: ['jwt', 'shopify-*'],
      files: ['conf/far.yaml', 'conf/near.json', TOML],
    });
    expect(config.allow.map(({ origin }) => origin)).toEqual([TOML, 'conf/near.json', 'conf/far.yaml']);
  });

  it('takes back what was disabled, and replaces rules', async () => {
    write(
      'org.toml',
      `rules.disable = ["jwt", "shopify-*", "acme"]\nrules.custom = [${rule('acme', 'far')}, ${rule('other')}]`,
    );
    const own = 'extends = "org.toml"\n';
    expect(rulesOn(await load(own))).toEqual(['other']);
    expect(rulesOn(await load(`${own}rules.enable = ["jwt", "shopify-token"]`))).toEqual([
      'jwt',
      'other',
      'shopify-token',
    ]);
    expect(rulesOn(await load(`${own}rules.enable = ["*"]\nrules.disable = ["other"]`))).toEqual(
      [...ids, 'acme', 'other'].sort(),
    );
    expect(rulesOn(await load(`${own}rules.disable = ["other"]`))).toEqual([]);
    // Written down anew it is meant to be used.
    const again = await load(`${own}rules.custom = [${rule('acme', 'near')}]`);
    expect(rulesOn(again)).toEqual(['acme', 'other']);
    expect(again.customRules.find(({ id }) => id === 'acme')).toMatchObject({ description: 'near', origin: TOML });
    expect(await problem(load(`${own}rules.enable = ["jtw"]`))).toBe(
      `${TOML}:2: rules.enable[0] there is no rule "jtw" | Did you mean "jwt"?`,
    );
  });

  it('takes a gitleaks.toml as one of them', async () => {
    write('.gitleaks.toml', '[[rules]]\nid = "acme"\nregex = "acme_[a-z]{9}"\n[allowlist]\npaths = ["^docs/"]');
    const config = await load('extends = ".gitleaks.toml"\nrules.use-builtin = true\npreset = "wide"');
    expect(config).toMatchObject({ useBuiltinRules: true, preset: 'wide', files: ['.gitleaks.toml', TOML] });
    expect(config.customRules.map(({ id }) => id)).toEqual(['acme']);
    expect(config.allow).toMatchObject([{ origin: '.gitleaks.toml' }]);
  });

  it('takes packages from the node_modules of the repository, links included, and data only', async () => {
    const store = 'node_modules/.store/conf@1/node_modules';
    write(`${store}/@acme/conf/package.json`, '{"name": "@acme/conf", "main": "index.js"}');
    write(`${store}/@acme/conf/index.js`, 'throw new Error("code was run")');
    write(`${store}/@acme/conf/smart-secrets-scanner.toml`, 'extends = "beside"\nmax-depth = 3');
    write(`${store}/@acme/conf/strict.json`, '{"preset": "strict"}');
    write(`${store}/beside/package.json`, '{"smart-secrets-scanner": {"max-file-size": 7}}');
    mkdirSync(join(cwd, 'node_modules/@acme'));
    symlinkSync(join(cwd, store, '@acme/conf'), join(cwd, 'node_modules/@acme/conf'));
    expect(await load('extends = ["@acme/conf", "@acme/conf/strict.json"]')).toMatchObject({
      preset: 'strict',
      maxDepth: 3,
      maxFileSize: 7,
      files: [
        `${store}/beside/package.json`,
        'node_modules/@acme/conf/smart-secrets-scanner.toml',
        'node_modules/@acme/conf/strict.json',
        TOML,
      ],
    });
    expect(await problem(load('extends = "@acme/conf/index.js"'))).toBe(
      `${TOML}:1: extends names node_modules/@acme/conf/index.js, which is no TOML, YAML or JSON | A configuration is data: no code is run for it.`,
    );
    write('node_modules/bare/package.json', '{}');
    expect(await problem(load('extends = "bare"'))).toContain(
      'names node_modules/bare, which has no configuration in it',
    );
  });

  it('takes no package from above the repository', async () => {
    mkdirSync(join(top, 'node_modules/planted'), { recursive: true });
    writeFileSync(join(top, 'node_modules/planted/smart-secrets-scanner.toml'), 'preset = "strict"');
    expect(await problem(load('extends = "planted"'))).toBe(
      `${TOML}:1: extends names what is not there: node_modules/planted | Install it (npm install --save-dev planted), or write a path: ./planted`,
    );
  });

  it('says where a circle, a missing file, an address or a mistake is', async () => {
    write('a.toml', 'extends = "b.toml"');
    write('b.toml', 'preset = "wide"\nextends = ["./a.toml"]');
    expect(await problem(load('extends = "a.toml"'))).toContain('extends itself: a.toml → b.toml → a.toml');
    expect(await problem(load(`extends = "./${TOML}"`))).toContain(`extends itself: ${TOML} → ${TOML}`);
    expect(await problem(load('preset = "wide"\nextends = ["../org.toml"]'))).toBe(
      `${TOML}:2: extends[0] names what is not there: ${top}/org.toml | Paths are relative to the file that names them.`,
    );
    for (const address of ['https://example.com/a.toml', 'git+ssh://x/y', 'npm:x']) {
      expect(await problem(load(`extends = "${address}"`))).toContain('must be a path or the name of an npm package');
    }
    for (const wrong of ['3', '[1]', '""', '{}'])
      expect(await problem(load(`extends = ${wrong}`))).toContain('extends');
    write('b.toml', 'colour = 1');
    expect(await problem(load('extends = "a.toml"'))).toContain('b.toml:1: colour is not a known key');
    // The same one twice is no circle.
    write('b.toml', 'rules.disable = ["jwt"]');
    expect((await load('extends = ["a.toml", "b.toml"]')).disabledRules).toEqual(['jwt']);
  });

  it('ends, however many files extend one another', async () => {
    for (let i = 0; i < 30; i++) write(`n${i}.toml`, `extends = "n${i + 1}.toml"`);
    expect(await problem(load('extends = "n0.toml"'))).toContain('more than 20 files extend one another');
  });
});

describe('the configuration of a folder', () => {
  const inFolder = async (path: string, text = 'preset = "strict"') => {
    const folders = folderConfigs({ config: await load(text), ruleIds: async () => ids });
    return folders.of({ path, logicalPath: path });
  };

  it('is laid over those above it, for what is below it', async () => {
    write(`packages/${TOML}`, 'rules.disable = ["shopify-*"]\n[[allow]]\npaths = ["*.md", "/fixtures"]');
    write(`packages/a/.smart-secrets-scanner.yaml`, 'preset: wide\nrules: { enable: [shopify-token] }');
    expect(await inFolder('src/a.ts')).toMatchObject({ preset: 'strict', allow: [] });
    expect(await inFolder('packages/b/c/d.ts')).toMatchObject({
      preset: 'strict',
      disabledRules: ['shopify-*'],
      files: [TOML, `packages/${TOML}`],
      allow: [{ below: 'packages/', origin: `packages/${TOML}` }],
    });
    expect(await inFolder('packages/a/x.ts')).toMatchObject({
      preset: 'wide',
      disabledRules: ['shopify-*', '!shopify-token'],
      files: [TOML, `packages/${TOML}`, 'packages/a/.smart-secrets-scanner.yaml'],
    });
    expect((await inFolder('packages/a/x.ts', 'folders = false')).preset).toBe('balanced');
    write('org.toml', 'folders = false');
    expect((await inFolder('packages/a/x.ts', 'extends = "org.toml"')).preset).toBe('balanced');
    expect((await inFolder('packages/a/x.ts', 'extends = "org.toml"\nfolders = true')).preset).toBe('wide');
    expect((await inFolder('../packages/a/x.ts')).preset).toBe('strict');
  });

  it('refuses what is for the whole repository', async () => {
    for (const text of [
      'max-depth = 1',
      'rules.use-builtin = false',
      `rules.custom = [${rule('acme')}]`,
      'model = "m"',
      'extends = "a"',
    ]) {
      write(`a/${TOML}`, text);
      expect(await problem(inFolder('a/x'))).toMatch(
        /^a\/\S+:1: \S+ cannot be set for a folder \| For a folder there are/,
      );
    }
    write(`a/${TOML}`, 'rules.enable = ["jwt"]');
    expect(await problem(inFolder('a/x', 'rules.disable = ["*"]'))).toContain(
      'which is disabled for the whole repository',
    );
    expect((await inFolder('a/x', '')).preset).toBe('balanced');
    write('a/.smart-secrets-scanner.json', '{}');
    expect(await problem(inFolder('a/x'))).toContain(`there is more than one configuration: a/${TOML} and a/`);
    write(`b/${TOML}`, 'presset = "wide"');
    expect(await problem(inFolder('b/x'))).toContain(`b/${TOML}:1: presset is not a known key`);
  });

  it('does not count for what lies in another root, nor beside a named configuration', async () => {
    write(`a/${TOML}`, 'preset = "wide"');
    const folders = folderConfigs({ config: await load(''), ruleIds: async () => ids });
    expect((await folders.of({ path: '../other/a/x', logicalPath: 'a/x' })).preset).toBe('balanced');
    expect((await folders.of({ path: 'a/x.zip!b/y', logicalPath: 'a/x.zip!b/y', member: 'b/y' })).preset).toBe('wide');
    const named = folderConfigs({ config: await loadConfig({ cwd, file: TOML }), ruleIds: async () => ids });
    expect((await named.of({ path: 'a/x', logicalPath: 'a/x' })).preset).toBe('balanced');
  });
});
