import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BASELINE_FILE, loadConfig } from '../../src/config/index.ts';
import { ALL_MARKERS, MARKER_PEERS } from '../../src/config/markers.ts';

let cwd: string;
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'sss-config-')));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const write = (name: string, text = '') => writeFileSync(join(cwd, name), text);
const load = (toml?: string) => {
  if (toml !== undefined) write('.smart-secrets-scanner.toml', toml);
  return loadConfig({ cwd });
};

describe('what is found beside the configuration', () => {
  it('is named with and without one, and with one from elsewhere', async () => {
    write(BASELINE_FILE);
    write('.gitleaksignore');
    const found = { baseline: join(cwd, BASELINE_FILE), ignoreFiles: [join(cwd, '.gitleaksignore')] };
    expect(await load()).toMatchObject(found);
    write('gitleaks.toml', 'title = "x"');
    expect(await load()).toMatchObject(found);
    expect(await load('preset = "wide"')).toMatchObject({ preset: 'wide', ...found });
    mkdirSync(join(cwd, 'other'));
    write('other/c.toml', 'preset = "strict"');
    expect(await loadConfig({ cwd, file: 'other/c.toml' })).toMatchObject({ preset: 'strict', ...found });
  });

  it('is left alone where the configuration says so', async () => {
    for (const name of [BASELINE_FILE, '.gitleaksignore', '.secrets.baseline', '.secretlintignore']) write(name);
    const none = await load('baseline = false\nignore-files = false');
    expect([none.baseline, none.ignoreFiles]).toEqual([false, undefined]);
    const some = await load('baseline = "x/y"\nignore-files = ["detect-secrets"]');
    expect([some.baseline, some.ignoreFiles]).toEqual([join(cwd, 'x', 'y'), [join(cwd, '.secrets.baseline')]]);
  });

  it('takes paths over, but none that an exception would have kept', async () => {
    write('.secretlintignore', 'dist/\n# x\n\\#odd\n[\n');
    const { allow, warnings } = await load();
    const covers = (path: string) => allow[0]!.paths!.some((pattern) => pattern.test(path));
    expect(['dist/a.js', 'sub/dist/a.js', '#odd', 'src/a.js'].map(covers)).toEqual([true, true, true, false]);
    expect(warnings).toEqual([expect.stringMatching(/^\.secretlintignore:4: it is no path pattern/)]);
    write('.secretlintignore', '*\n!src/\n');
    expect(await load()).toMatchObject({ allow: [], warnings: [expect.stringMatching(/^\.secretlintignore:2: /)] });
  });
});

describe('markers in the configuration', () => {
  it('are all on unless it says otherwise', async () => {
    expect((await load('')).markers).toBeUndefined();
    expect((await load('[markers]')).markers).toEqual(ALL_MARKERS);
    expect((await load('[markers]\npeers = true')).markers?.peers).toEqual(MARKER_PEERS);
    expect((await load('[markers]\nown = false\npeers = ["ggshield"]\nrequire-reason = true')).markers).toEqual({
      own: false,
      peers: ['ggshield'],
      requireReason: true,
    });
    await expect(load('[markers]\nrequireReason = true')).rejects.toThrow(/markers\.requireReason is not a known key/);
    await expect(load('baseline = true')).rejects.toThrow(/baseline must be a text, not a boolean/);
  });
});
