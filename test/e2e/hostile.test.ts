import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding, Skipped } from '../../src/types.ts';
import * as hostile from '../containers/make-hostile.ts';
import { makeSqlite } from '../containers/make-packed.ts';
import { secretLine, sss } from './program.ts';
import { makeRepository, temporaryDirectory } from './repository.ts';

function scan(args: readonly string[], cwd: string) {
  const { status, stdout } = sss(['scan', '--format', 'json', ...args], { cwd });
  const { findings, report } = JSON.parse(stdout) as { findings: Finding[]; report: { skipped: Skipped[] } };
  return {
    status,
    places: findings.map(({ path, line }) => `${path}:${line}`),
    skipped: report.skipped.map(({ path, reason, kind }) => `${kind}: ${path}: ${reason}`),
  };
}

/** Each beside a secret, which has to be found whatever the other files do. */
const FILES: [name: string, content: Buffer | string, skipped: RegExp | undefined][] = [
  ['many.zip', hostile.zipOfNames(20_000), /^policy: many\.zip: has more than 10,000 files inside/],
  ['overlapping.zip', hostile.overlappingZip({ names: 10_001, bytes: 100 }), /more than 10,000 files inside/],
  ['nested.zip', hostile.nestedZip(200), /nested in more than 4 containers/],
  ['bomb.zst', hostile.zstdBomb(8000), /more than 1000 times its size/],
  ['half.sqlite', makeSqlite('t', 'c', 'some text').subarray(0, 512), /damaged/],
  ['itself.pdf', hostile.pdfInItself(), undefined],
  ['nested.json', hostile.nestedArrays(10_000), undefined],
  ['nested.ipynb', hostile.nestedNotebook(10_000), undefined],
  ['very-nested.ipynb', hostile.nestedNotebook(1_000_000), undefined],
  ['letters.txt', 'A'.repeat(11_000_000), /larger than the limit of 10 MB/],
];

describe('a folder of files that are made to harm', () => {
  const cwd = temporaryDirectory();
  for (const [name, content] of FILES) writeFileSync(join(cwd, name), content);
  writeFileSync(join(cwd, 'settings.py'), secretLine);
  const { status, places, skipped } = scan(['.'], cwd);

  it('is scanned to its end', () => {
    expect(status).toBe(1);
    expect(places).toEqual(['settings.py:1']);
    // What is left out of them on purpose is no error.
    expect(skipped.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it.each(FILES)('%s: what was not looked at is told', (name, _, reason) => {
    const told = skipped.filter((line) => line.startsWith(`policy: ${name}`));
    if (reason === undefined) expect(told).toEqual([]);
    else expect(told).toEqual([expect.stringMatching(reason)]);
  });
});

describe('what leads out of the place that is scanned', () => {
  it('is not followed in an archive, and its names are told as they are', () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.tar'), hostile.tarThatLeadsOut(secretLine));
    const { status, places, skipped } = scan(['.'], cwd);
    expect(status).toBe(1);
    expect(places).toEqual([`a.tar!${'../'.repeat(20)}etc/up.env:1`, 'a.tar!/etc/absolute.env:1'].sort());
    expect(skipped).toEqual([]);
  });

  it('is not followed by links in a repository', () => {
    const repository = makeRepository();
    const outside = join(temporaryDirectory(), 'outside.py');
    writeFileSync(outside, secretLine);
    const links = { file: outside, folder: join(outside, '..'), self: 'self', root: '/' };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(repository.root, name));
    repository.git('add', '.');
    const none = { status: 0, places: [], skipped: [] };
    expect(scan(['.'], repository.root)).toEqual(none);
    expect(scan(['--staged'], repository.root)).toEqual(none);
    repository.commit();
    expect(scan(['--history'], repository.root)).toEqual(none);
    rmSync(outside);
  });
});

describe.runIf(process.platform === 'linux')('folders in each other', () => {
  /** Scans folders that are made from inside, as a path may be longer than the system takes; so it is with removing them. */
  function scanDeep(levels: number, name: string) {
    const top = temporaryDirectory();
    const here = process.cwd();
    try {
      process.chdir(top);
      for (let i = 0; i < levels; i++) {
        mkdirSync(name);
        process.chdir(name);
      }
      writeFileSync('deep.py', secretLine);
      process.chdir(here);
      writeFileSync(join(top, 'settings.py'), secretLine);
      return scan(['.'], top);
    } finally {
      process.chdir(here);
      spawnSync('rm', ['-rf', join(top, name)]);
    }
  }

  it('are entered a thousand deep', () => {
    expect(scanDeep(1000, 'a')).toEqual({
      status: 1,
      places: [`${'a/'.repeat(1000)}deep.py:1`, 'settings.py:1'],
      skipped: [],
    });
  });

  it('are told of where their path is too long to be entered', () => {
    const { status, places, skipped } = scanDeep(300, 'a'.repeat(19));
    expect({ status, places }).toEqual({ status: 1, places: ['settings.py:1'] });
    expect(skipped).toEqual([
      expect.stringMatching(/^error: (?:a{19}\/)+a{19}: folder cannot be listed \(ENAMETOOLONG\)$/),
    ]);
  });
});
