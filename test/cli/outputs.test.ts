import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkOutputs, pairOutputs } from '../../src/cli/outputs.ts';
import { UserError } from '../../src/util/errors.ts';
import { writeFileWhole } from '../../src/util/write-whole.ts';

const folder = mkdtempSync(join(tmpdir(), 'sss-outputs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('pairOutputs', () => {
  it('is text on standard output when nothing is said', () => {
    expect(pairOutputs([])).toEqual([{ format: 'text' }]);
  });

  it('gives each --output to the --format before it', () => {
    expect(
      pairOutputs([{ format: 'text' }, { format: 'sarif' }, { output: 'a.sarif' }, { format: 'csv' }, { output: 'b' }]),
    ).toEqual([{ format: 'text' }, { format: 'sarif', file: 'a.sarif' }, { format: 'csv', file: 'b' }]);
  });

  it('gives an --output that stands first to the --format behind it', () => {
    expect(pairOutputs([{ output: 'a' }, { format: 'json' }])).toEqual([{ format: 'json', file: 'a' }]);
  });

  it('tells the format by the ending of the file when no --format is given', () => {
    expect(pairOutputs([{ output: 'out/A.SARIF' }])).toEqual([{ format: 'sarif', file: 'out/A.SARIF' }]);
    expect(pairOutputs([{ output: 'junit.xml' }])).toEqual([{ format: 'junit', file: 'junit.xml' }]);
    expect(pairOutputs([{ output: 'report' }])).toEqual([{ format: 'text', file: 'report' }]);
  });

  it('takes - as standard output', () => {
    expect(pairOutputs([{ format: 'json' }, { output: '-' }])).toEqual([{ format: 'json' }]);
  });

  it.each([
    ['two reports on standard output', [{ format: 'text' }, { format: 'json' }]],
    ['two files for one format', [{ format: 'json' }, { output: 'a' }, { output: 'b' }]],
    ['two early files', [{ output: 'a' }, { output: 'b' }, { format: 'json' }]],
    ['one file for two reports', [{ format: 'json' }, { output: 'a' }, { format: 'csv' }, { output: './a' }]],
    ['an unknown format', [{ format: 'xml' }]],
    ['no name', [{ format: 'json' }, { output: '' }]],
  ])('refuses %s', (_, flags) => {
    expect(() => pairOutputs(flags)).toThrow(UserError);
  });
});

describe('writeFileWhole', () => {
  it('replaces a file as a whole and leaves nothing beside it', async () => {
    const file = join(folder, 'report.json');
    writeFileSync(file, 'old');
    await writeFileWhole(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['report.json']);
  });

  it('writes through a link, and to a device', async () => {
    const link = join(folder, 'link.json');
    symlinkSync('report.json', link);
    await writeFileWhole(link, 'by link');
    expect(readFileSync(join(folder, 'report.json'), 'utf8')).toBe('by link');
    await writeFileWhole('/dev/null', 'gone');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('says in words why it cannot, and leaves what was there', async () => {
    await expect(writeFileWhole('/dev/full', 'x')).rejects.toThrow(/cannot write .*the disk is full/);
    await expect(writeFileWhole(join(folder, 'none', 'a'), 'x')).rejects.toThrow(/the folder is not there/);
    if (process.getuid?.() !== 0) {
      const locked = join(folder, 'locked');
      mkdirSync(locked);
      chmodSync(locked, 0o500);
      await expect(writeFileWhole(join(locked, 'a'), 'x')).rejects.toThrow(/permission denied/);
    }
  });
});

describe('checkOutputs', () => {
  it('sees a missing folder, and a folder in the place of the file, before the scan', async () => {
    await expect(checkOutputs([{ format: 'json', file: join(folder, 'none', 'a') }])).rejects.toThrow(
      /there is no folder/,
    );
    await expect(checkOutputs([{ format: 'json', file: folder }])).rejects.toThrow(/it is a folder/);
    await expect(
      checkOutputs([{ format: 'text' }, { format: 'json', file: join(folder, 'a') }]),
    ).resolves.toBeUndefined();
    await expect(checkOutputs([{ format: 'text', file: '/dev/null' }])).resolves.toBeUndefined();
  });

  it.skipIf(process.getuid?.() === 0)('sees a folder that it may not write to', async () => {
    const sealed = join(folder, 'sealed');
    mkdirSync(sealed);
    chmodSync(sealed, 0o500);
    await expect(checkOutputs([{ format: 'json', file: join(sealed, 'a') }])).rejects.toThrow(/permission denied/);
  });
});
