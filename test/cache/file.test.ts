import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../src/cache/folder.ts';
import { secretLine } from '../e2e/program.ts';
import { temporaryDirectory } from '../e2e/repository.ts';
import { scans } from './remembered.ts';

function root(): string {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, 'a.py'), 'print(1)\n');
  writeFileSync(join(folder, 'b.py'), secretLine);
  return folder;
}

const onWindows = process.platform === 'win32';

describe('a file of what is remembered', () => {
  it.skipIf(onWindows)('is for its owner only', async () => {
    const { scanned, folder, files } = scans(root());
    await scanned();
    expect([statSync(folder).mode & 0o777, statSync(files()[0]!).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('is not written where nothing is new', async () => {
    const { scanned, files } = scans(root());
    await scanned();
    await scanned({ later: 10_000 });
    const before = statSync(files()[0]!, { bigint: true });
    await scanned({ later: 10_000 });
    expect(statSync(files()[0]!, { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs });
  });

  it.each<[string, (file: string) => void]>([
    ['is missing', (file) => rmSync(file)],
    ['is empty', (file) => writeFileSync(file, '')],
    ['was cut off', (file) => writeFileSync(file, readFileSync(file).subarray(0, -1))],
    ['was cut off by a record', (file) => writeFileSync(file, readFileSync(file).subarray(0, -108))],
    ['was cut off in its head', (file) => writeFileSync(file, readFileSync(file).subarray(0, 60))],
    ['is longer', (file) => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(108)]))],
    ['is another one', (file) => writeFileSync(file, 'x'.repeat(5000))],
    [
      'is of a later version',
      (file) => {
        const bytes = readFileSync(file);
        bytes.writeUInt32LE(2, 8);
        writeFileSync(file, bytes);
      },
    ],
    [
      'has another bit',
      (file) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 20]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
    [
      'is a folder',
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
    [
      'is a link',
      (file) => {
        writeFileSync(`${file}.other`, readFileSync(file));
        rmSync(file);
        symlinkSync(`${file}.other`, file);
      },
    ],
    ...(onWindows
      ? []
      : ([['may be written by others', (file) => chmodSync(file, 0o666)]] as [string, (file: string) => void][])),
  ])('counts for nothing when it %s', async (_, damage) => {
    const { scanned, files } = scans(root());
    const first = await scanned();
    damage(files().find((file) => file.endsWith('.sss'))!);
    expect(await scanned()).toMatchObject({ said: first.said, read: 2 });
  });

  it('is made anew after damage', async () => {
    const { scanned, files } = scans(root());
    await scanned();
    writeFileSync(files()[0]!, 'damaged');
    await scanned();
    expect(await scanned()).toMatchObject({ read: 1, notes: [] });
  });

  it('is whole when two scans write at once', async () => {
    const { scanned, files } = scans(root());
    const both = await Promise.all([scanned(), scanned()]);
    expect(both[0].said).toEqual(both[1].said);
    expect(files()).toHaveLength(1);
    expect((await scanned()).read).toBe(1);
  });

  it('is not what a killed scan has left, which goes when it is old', async () => {
    const { scanned, files, folder } = scans(root());
    await scanned();
    const [file] = files();
    const left = `${file}.4711.0a1b2c3d.tmp`;
    writeFileSync(left, readFileSync(file!).subarray(0, 50));
    await scanned({ later: 10_000 });
    expect(existsSync(left)).toBe(true);
    const old = new Date(Date.now() - 7_200_000);
    utimesSync(left, old, old);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    writeFileSync(join(root(), 'c.py'), '');
    await scanned({ build: 'another' });
    expect(existsSync(left)).toBe(false);
    expect(existsSync(join(folder, 'notes.txt'))).toBe(true);
  });

  it('goes with the folder that it is about, and after two months without use', async () => {
    const [gone, unused, used] = [root(), root(), root()];
    const { folder, files, scanned } = scans(gone);
    await scanned();
    await scans(unused, folder).scanned();
    rmSync(gone, { recursive: true });
    await scans(used, folder).scanned();
    expect(files()).toHaveLength(2);
    const old = new Date(Date.now() - 61 * 86_400_000);
    for (const file of files()) utimesSync(file, old, old);
    await scans(used, folder).scanned({ build: 'another' });
    expect(files()).toHaveLength(1);
  });

  it.each<[string, () => string]>([
    ['below a file', () => join(root(), 'a.py', 'cache')],
    ['where nothing can be written', () => '/dev/full/cache'],
    ...(onWindows
      ? []
      : ([
          [
            'in a folder that others may write to',
            () => {
              const folder = temporaryDirectory();
              chmodSync(folder, 0o777);
              return folder;
            },
          ],
        ] as [string, () => string][])),
  ])('is done without %s, with one note', async (_, place) => {
    const { scanned } = scans(root(), place());
    const first = await scanned();
    expect(first.notes).toEqual([
      expect.stringMatching(/^nothing can be remembered for the next scan in .*--no-cache/),
    ]);
    const { scanned: alone } = scans(root());
    expect(first.report.findings).toHaveLength((await alone()).report.findings.length);
  });
});

it('lies where the system has such things', () => {
  const folder = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform) =>
    cacheFolder(env, platform)?.replaceAll('\\', '/');
  expect(folder({ SSS_CACHE_DIR: '/own', XDG_CACHE_HOME: '/usual' }, 'linux')).toBe('/own');
  expect(folder({ XDG_CACHE_HOME: '/usual' }, 'linux')).toBe('/usual/smart-secrets-scanner');
  expect(folder({ XDG_CACHE_HOME: 'relative' }, 'linux')).toMatch(/\/\.cache\/smart-secrets-scanner$/);
  expect(folder({}, 'darwin')).toMatch(/\/Library\/Caches\/smart-secrets-scanner$/);
  expect(folder({ LOCALAPPDATA: '/local' }, 'win32')).toBe('/local/smart-secrets-scanner/Cache');
});
