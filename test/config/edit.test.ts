import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addAllow, editTarget, type NewAllow, PasteNeeded, undoEdit } from '../../src/config/edit/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { temporaryDirectory } from '../e2e/repository.ts';

const ID = 'a8828d7bd36c5b6a4420ecf6eb5b0008';
const ENTRY: NewAllow = { reason: 'made "up" \u001b[31m', fingerprints: [ID] };

/** Adds the entry to a file of that name and content; what it holds then. */
async function added(name: string, content: string | undefined, entry = ENTRY) {
  const root = temporaryDirectory();
  if (content !== undefined) writeFileSync(join(root, name), content);
  const target = await editTarget({ root, cwd: root });
  const edit = await addAllow(target, entry);
  const config = await loadConfig({ cwd: root });
  return { root, edit, text: readFileSync(join(root, name), 'utf8'), allow: config.allow };
}

describe('addAllow', () => {
  it.each([
    ['.smart-secrets-scanner.toml', '# mine\npreset = "strict"  # why\n\n[[allow]] # old\npaths = [ "docs/**" ]'],
    ['.smart-secrets-scanner.toml', '[rules]\ndisable = ["jwt"]\n\n'],
    ['.smart-secrets-scanner.toml', '# mine\r\npreset = "strict"\r\n'],
    [
      '.smart-secrets-scanner.yaml',
      '# mine\npreset:   strict # why\nallow:\n- paths: [docs/**]  # old\n\n# last words\n',
    ],
    ['.smart-secrets-scanner.yml', 'allow:\n    - paths:\n        - docs/**\nrules: {disable: [jwt]}'],
    ['.smart-secrets-scanner.yaml', 'preset: strict'],
    ['.smart-secrets-scanner.json', '{"preset":"strict"}'],
    ['.smart-secrets-scanner.json', '{\n\t"allow": [ { "paths": ["docs/**"] } ],\n\t"preset": "strict"\n}\n'],
    ['.smart-secrets-scanner.json', '{\n  "allow": []\n}\n'],
    [
      'package.json',
      '{\n  "name": "x",\n  "smart-secrets-scanner": { "preset": "strict" },\n  "version": "1.0.0"\n}\n',
    ],
    ['package.json', '{ "smart-secrets-scanner": {} }'],
  ])('keeps everything of %s', async (name, content) => {
    const { text, allow } = await added(name, content);
    expect(allow.at(-1)).toEqual({
      description: ENTRY.reason,
      fingerprints: [ID],
      origin: expect.stringContaining(name),
    });
    // What was there is there, in the same order, and nothing was taken away.
    let at = 0;
    for (const character of content.replace(/\s+/g, '')) {
      at = text.indexOf(character, at) + 1;
      expect(at).toBeGreaterThan(0);
    }
    for (const line of content.split('\n')) if (line.includes('#')) expect(text).toContain(line);
    if (content.includes('\r\n')) expect(text).not.toMatch(/(?<!\r)\n/);
    expect(text).not.toContain('\u001b');
  });

  it('adds one after the other, and takes each back', async () => {
    const { root, text, allow } = await added('.smart-secrets-scanner.toml', undefined);
    expect(allow).toHaveLength(1);
    const target = await editTarget({ root, cwd: root });
    const second = await addAllow(target, { reason: 'two', rules: ['generic-password'], paths: ['/test/**'] });
    expect((await loadConfig({ cwd: root })).allow).toHaveLength(2);
    undoEdit(second);
    expect(readFileSync(target.file, 'utf8')).toBe(text);
  });

  it('removes the file that it has made, and nothing that somebody else has changed', async () => {
    const made = await added('.smart-secrets-scanner.toml', undefined);
    undoEdit(made.edit);
    expect(existsSync(made.edit.file)).toBe(false);
    const changed = await added('.smart-secrets-scanner.toml', 'preset = "wide"\n');
    writeFileSync(changed.edit.file, `${changed.text}# more\n`);
    expect(() => undoEdit(changed.edit)).toThrow(/changed by somebody else/);
    expect(readFileSync(changed.edit.file, 'utf8')).toContain('# more');
  });

  it.each([
    ['.smart-secrets-scanner.toml', 'allow = [{ paths = ["docs/**"] }]\n'],
    ['.smart-secrets-scanner.yaml', '{ preset: strict }\n'],
    ['.smart-secrets-scanner.yaml', 'allow: [{ paths: [docs/**] }]\n'],
    ['.smart-secrets-scanner.yaml', 'preset: strict\n...\n'],
  ])('gives the entry to paste where %s cannot be added to: %j', async (name, content) => {
    const root = temporaryDirectory();
    writeFileSync(join(root, name), content);
    const failure = await editTarget({ root, cwd: root })
      .then((target) => addAllow(target, ENTRY))
      .catch((error) => error);
    expect(failure).toBeInstanceOf(PasteNeeded);
    expect(failure.hint).toContain(ID);
    expect(readFileSync(join(root, name), 'utf8')).toBe(content);
  });

  it('leaves gitleaks in force', async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, '.gitleaks.toml'), '[extend]\nuseDefault = true\n');
    await expect(editTarget({ root, cwd: root })).rejects.toThrow(/\.gitleaks\.toml is in force/);
  });

  it('keeps permissions and links, and leaves nothing behind', async () => {
    const root = temporaryDirectory();
    const real = join(root, 'real.toml');
    writeFileSync(real, 'preset = "wide"\n');
    chmodSync(real, 0o640);
    symlinkSync('real.toml', join(root, '.smart-secrets-scanner.toml'));
    await addAllow(await editTarget({ root, cwd: root }), ENTRY);
    expect(readFileSync(real, 'utf8')).toContain(ID);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(readdirSync(root).sort()).toEqual(['.smart-secrets-scanner.toml', 'real.toml']);
  });
});
