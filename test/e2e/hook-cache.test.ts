import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder, secretLine } from './program.ts';
import { makeRepository, temporaryDirectory } from './repository.ts';

/** A copy of what runs as a hook, without anything that was compiled. */
function installed() {
  const home = temporaryDirectory();
  const dist = join(home, 'dist');
  cpSync(join(packageFolder, 'bin'), join(home, 'bin'), { recursive: true });
  mkdirSync(dist);
  for (const name of readdirSync(join(packageFolder, 'dist'))) {
    if (/^(?:hook\.cjs|rule.*)$/.test(name)) cpSync(join(packageFolder, 'dist', name), join(dist, name));
  }
  for (const name of ['package.json', 'models', 'node_modules']) {
    symlinkSync(join(packageFolder, name), join(home, name));
  }
  const repository = makeRepository();
  repository.stage('a.py', 'area = 1\n');
  const run = (env: NodeJS.ProcessEnv = {}) => {
    const args = [join(home, 'bin', 'smart-secrets-scanner.js'), 'hook', 'run', 'pre-commit'];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: repository.root,
      env: { ...process.env, NODE_OPTIONS: '', NODE_V8_COVERAGE: undefined, ...env },
      encoding: 'utf8',
    });
    return { status, stderr: stderr.replace(/, [\d.]+ m?s\)/, ')') };
  };
  const names = () => readdirSync(dist).filter((name) => name.includes('.cache'));
  const kept = () => join(dist, names()[0]!);
  return { dist, repository, run, names, kept };
}

const clean = { status: 0, stderr: '' };

describe('what is kept of the compiled hook', () => {
  it('lies beside the program, for one version of Node, and nobody else can write it', () => {
    const { run, names, kept } = installed();
    expect(run()).toEqual(clean);
    expect(names()).toHaveLength(1);
    expect(names()[0]).toMatch(/^hook-[\w.-]+\.cache$/);
    if (process.platform !== 'win32') expect(statSync(kept()).mode & 0o022).toBe(0);
  });

  it('is written once for runs that find nothing, and once for those that find something', () => {
    const { repository, run, names, kept } = installed();
    const inode = () => statSync(kept()).ino;
    run();
    const first = inode();
    expect(run()).toEqual(clean);
    expect(inode()).toBe(first);
    repository.stage('b.py', secretLine);
    const found = run();
    expect(found.status).toBe(1);
    const second = inode();
    expect(second).not.toBe(first);
    expect(run()).toEqual(found);
    repository.git('rm', '--quiet', '--force', 'b.py');
    expect(run()).toEqual(clean);
    expect(inode()).toBe(second);
    expect(names()).toHaveLength(1);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ['empty', () => Buffer.alloc(0)],
    ['not ours', () => Buffer.from('0 0 x\n')],
    ['damaged', (bytes: Buffer) => Buffer.from(bytes).fill(0, bytes.length >> 1, (bytes.length >> 1) + 4096)],
    [
      'of another program',
      (bytes: Buffer) => Buffer.from(bytes).fill('x', bytes.indexOf('//') + 3, bytes.indexOf('//') + 9),
    ],
  ])('is made anew when it is %s', (_, change) => {
    const { run, kept } = installed();
    run();
    const whole = readFileSync(kept());
    const broken = change(whole);
    writeFileSync(kept(), broken);
    expect(run()).toEqual(clean);
    expect(readFileSync(kept()).equals(broken)).toBe(false);
    expect(run()).toEqual(clean);
  });

  it.skipIf(process.platform === 'win32')('is not used when others can write it', () => {
    const { run, kept } = installed();
    run();
    const { ino } = statSync(kept());
    chmodSync(kept(), 0o666);
    expect(run()).toEqual(clean);
    expect(statSync(kept()).ino).not.toBe(ino);
    expect(statSync(kept()).mode & 0o022).toBe(0);
  });

  it('is another for each set of options, and none when it is counted what runs', () => {
    const { run, names } = installed();
    expect(run({ NODE_V8_COVERAGE: temporaryDirectory() })).toEqual(clean);
    expect(names()).toEqual([]);
    for (const NODE_OPTIONS of ['', '--stack-trace-limit=20', '--max-old-space-size=500', ''])
      expect(run({ NODE_OPTIONS })).toEqual(clean);
    expect(names()).toHaveLength(3);
  });

  it('is not kept for more than eight of them', () => {
    const { dist, run, names, kept } = installed();
    run();
    const first = kept();
    const old = Array.from({ length: 9 }, (_, i) => join(dist, `hook-v1-${i}.cache`));
    for (const [i, path] of old.entries()) {
      writeFileSync(path, '');
      utimesSync(path, 1000 + i, 1000 + i);
    }
    rmSync(first);
    run();
    expect(names().sort()).toEqual([first, ...old.slice(2)].map((path) => basename(path)).sort());
  });

  it('is not needed: where nothing can be written the hook does without', () => {
    const { repository, run, names, kept } = installed();
    // A folder in its place stops even a user who may write everywhere.
    run();
    const file = kept();
    rmSync(file);
    mkdirSync(file);
    expect(run()).toEqual(clean);
    repository.stage('b.py', secretLine);
    expect(run().status).toBe(1);
    expect(names()).toHaveLength(1);
  });
});
