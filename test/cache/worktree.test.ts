import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/types.ts';
import { secretLine, secretValue } from '../e2e/program.ts';
import { makeRepository, temporaryDirectory } from '../e2e/repository.ts';
import { scans } from './remembered.ts';

const OLD = new Date('2024-01-02T03:04:05Z');

function folder(files: Record<string, string | Buffer>): string {
  const root = temporaryDirectory();
  for (const [path, content] of Object.entries(files)) put(root, path, content);
  return root;
}

function put(root: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const some = () =>
  folder({ 'a.py': 'print(1)\n', 'b/c.txt': 'text\n', 'd.gz': gzipSync('inner text\n'), 'app.py': secretLine });

describe('a second scan of files', () => {
  it('says the same, and searches only the texts with findings', async () => {
    const root = some();
    const { scanned } = scans(root);
    const first = await scanned();
    expect(first.report.findings).toHaveLength(1);
    expect(first.report.statistics.cached).toBe(0);
    const second = await scanned();
    expect(second.said).toEqual(first.said);
    expect(second.said).toEqual((await scanned({ cached: false })).said);
    expect([first.read, second.read, second.report.statistics.cached]).toEqual([4, 1, 3]);
    expect((await scanned()).read).toBe(1);
  });

  it('opens no file that has not changed for a while', async () => {
    const { scanned } = scans(some());
    expect((await scanned()).opened).toBe(4);
    // The first scan came too soon after the files to trust their dates: this one reads them once more.
    expect(await scanned({ later: 10_000 })).toMatchObject({ opened: 4, read: 1 });
    expect(await scanned({ later: 10_000 })).toMatchObject({ opened: 1, read: 1 });
    expect(await scanned()).toMatchObject({ opened: 1, report: { statistics: { chunks: 4, cached: 3 } } });
  });

  it('forgets what no scan has met for a month', async () => {
    const root = some();
    const { scanned } = scans(root);
    const day = 86_400_000;
    await scanned();
    rmSync(join(root, 'a.py'));
    await scanned({ later: 20 * day });
    put(root, 'a.py', 'print(1)\n');
    expect(await scanned({ later: 20 * day })).toMatchObject({ read: 1 });
    rmSync(join(root, 'a.py'));
    await scanned({ later: 51 * day });
    put(root, 'a.py', 'print(1)\n');
    expect(await scanned({ later: 51 * day })).toMatchObject({ read: 2 });
  });

  it.each<[string, (root: string) => void, number]>([
    ['an edit', (root) => put(root, 'a.py', 'print(2)\n'), 2],
    ['an edit that brings a secret', (root) => put(root, 'a.py', secretLine), 2],
    ['a secret that goes', (root) => put(root, 'app.py', 'print(3)\n'), 1],
    ['a new file', (root) => put(root, 'new.py', secretLine), 2],
    ['a file that goes', (root) => rmSync(join(root, 'a.py')), 1],
    ['a rename', (root) => renameSync(join(root, 'a.py'), join(root, 'z.py')), 2],
    ['another member of an archive', (root) => put(root, 'd.gz', gzipSync(secretLine)), 2],
    [
      'a link in the place of a file',
      (root) => {
        rmSync(join(root, 'a.py'));
        symlinkSync(secretLine.trim(), join(root, 'a.py'));
      },
      2,
    ],
    ['a date and no change', (root) => utimesSync(join(root, 'a.py'), new Date(), new Date()), 1],
    ['a mode and no change', (root) => chmodSync(join(root, 'a.py'), 0o755), 1],
  ])('sees %s', async (_, change, read) => {
    const root = some();
    const { scanned } = scans(root);
    await scanned();
    change(root);
    const second = await scanned();
    expect(second.said).toEqual((await scanned({ cached: false })).said);
    expect(second.read).toBe(read);
  });

  it('sees a change of the same size under a date that was put back', async () => {
    const root = folder({ 'a.py': `${'#'.repeat(secretLine.length - 1)}\n` });
    const file = join(root, 'a.py');
    utimesSync(file, OLD, OLD);
    const { scanned } = scans(root);
    await scanned({ later: 10_000 });
    expect(await scanned()).toMatchObject({ opened: 0, report: { findings: [] } });
    const before = statSync(file, { bigint: true });
    writeFileSync(file, secretLine);
    utimesSync(file, OLD, OLD);
    const after = statSync(file, { bigint: true });
    expect([after.size, after.mtimeNs, after.ino]).toEqual([before.size, before.mtimeNs, before.ino]);
    expect((await scanned()).report.findings).toHaveLength(1);
  });

  it('knows a text again that was another one for a while only as long as it is the last', async () => {
    const root = folder({ 'a.py': 'print(1)\n' });
    const { scanned } = scans(root);
    await scanned();
    put(root, 'a.py', secretLine);
    expect((await scanned()).report.findings).toHaveLength(1);
    put(root, 'a.py', 'print(1)\n');
    expect(await scanned()).toMatchObject({ read: 0, report: { findings: [] } });
    put(root, 'a.py', secretLine);
    expect((await scanned()).report.findings).toHaveLength(1);
  });

  it('judges anew with other settings that judge, and not with those that only let findings pass', async () => {
    const root = some();
    const { scanned } = scans(root);
    const { report } = await scanned();
    const allowed = await scanned({ config: { allow: [{ fingerprints: [report.findings[0]!.fingerprint] }] } });
    expect(allowed).toMatchObject({ read: 1, report: { findings: [], statistics: { allowed: 1 } } });
    const rule: Config['customRules'][number] = {
      ...{ id: 'acme', provider: 'Acme', description: 'Acme', severity: 'high', confidence: 'certain' },
      ...{ keywords: ['print'], pattern: /print\((\d)\)/ },
    };
    const others: Parameters<typeof scanned>[0][] = [
      { config: { preset: 'wide' } },
      { config: { customRules: [rule] } },
      { config: { customRules: [{ ...rule, pattern: /print\((1)\)/ }] } },
      { config: { disabledRules: ['jwt'] } },
      { useModel: true },
      { build: 'another build' },
    ];
    for (const one of others) {
      await scanned();
      expect(await scanned(one), JSON.stringify(one)).toMatchObject({ read: 4 });
    }
  });

  it('reports what is skipped each time', async () => {
    const root = folder({
      'a.txt': 'a\n',
      'big.txt': 'x'.repeat(5000),
      'b.7z': Buffer.from('377abcaf271c0004', 'hex'),
    });
    const { scanned } = scans(root);
    const config = { maxFileSize: 1000 };
    const first = await scanned({ config });
    expect(first.report.skipped.length).toBeGreaterThan(0);
    expect((await scanned({ config })).said).toEqual(first.said);
  });

  it('keeps what it has learnt of one folder for scans of another, and finds names that are paths apart', async () => {
    const root = some();
    const { scanned, files } = scans(root);
    await scanned();
    await scanned({ paths: ['b', 'a.py'] });
    expect((await scanned()).read).toBe(1);
    expect(files()).toHaveLength(1);
  });

  it('remembers what a scan has read that was stopped', async () => {
    const files = Array.from({ length: 40 }, (_, i) => [`${String(i).padStart(2, '0')}.py`, `print(${i})\n`]);
    const { scanned } = scans(folder(Object.fromEntries(files)));
    const controller = new AbortController();
    const stopped = scanned({ signal: controller.signal });
    setImmediate(() => controller.abort());
    const first = await stopped;
    const second = await scanned();
    expect(second.report.statistics.cached).toBe(first.report.statistics.chunks);
    expect(second.report.statistics.chunks).toBe(40);
  });

  it('keeps no value, no line and no hash of one', async () => {
    const root = some();
    const { scanned, files } = scans(root);
    await scanned();
    const [kept] = files().map((file) => readFileSync(file));
    expect(files()).toHaveLength(1);
    for (const text of [secretValue, secretLine, secretLine.trim(), 'print(1)\n']) {
      for (const algorithm of ['sha256', 'sha1', 'md5']) {
        const digest = createHash(algorithm).update(text).digest().subarray(0, 16);
        expect(kept!.includes(digest), algorithm).toBe(false);
      }
      expect(kept!.includes(text)).toBe(false);
    }
  });
});

it('is asked within git, too', async () => {
  const repository = makeRepository();
  repository.stage('a.py', 'print(1)\n');
  repository.stage('b.py', secretLine);
  const { scanned } = scans(repository.root);
  const first = await scanned();
  expect(await scanned()).toMatchObject({ said: first.said, read: 1 });
});
