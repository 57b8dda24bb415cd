import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder, secretLine, sss } from './program.ts';
import { makeRepository, type TestRepository } from './repository.ts';

const FILE = '.smart-secrets-scanner.baseline';
const script = join(packageFolder, 'bin', 'smart-secrets-scanner.js');
const text = (made: TestRepository) => readFileSync(join(made.root, FILE), 'utf8');

/** A repository with a large baseline, and one secret that is not in it. */
function repository(count = 5000): TestRepository {
  const made = makeRepository();
  expect(sss(['baseline', 'create'], { cwd: made.root }).status).toBe(0);
  const salt = /^salt (\S+)/m.exec(text(made))![1];
  const hash = (i: number) => i.toString(16).padStart(10, '0');
  const entries = Array.from({ length: count }, (_, i) => `${salt} ${hash(i * 7919)} generic-password accepted`);
  writeFileSync(join(made.root, FILE), `${text(made)}${entries.join('\n')}\n`);
  made.write('app.py', secretLine);
  return made;
}

/** Runs a shell command with the program as `$@`. */
function shell(made: TestRepository, command: string, args: readonly string[]) {
  return spawnSync('bash', ['-c', command, 'bash', process.execPath, script, ...args], {
    cwd: made.root,
    encoding: 'utf8',
  });
}
const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

describe('a write of the baseline that is stopped in the middle', () => {
  it('by a limit on the size of files leaves the one that is there', () => {
    const made = repository();
    const before = text(made);
    // 100 kB are less than the file has, and more than anything else that is written.
    const { status } = shell(made, 'ulimit -f 100; exec "$@"', ['baseline', 'update']);
    expect(status).not.toBe(0);
    expect(text(made)).toBe(before);
    expect(sss(['baseline', 'update'], { cwd: made.root }).stdout).toContain('1 entry added to 5000');
  });

  it.skipIf(!works('unshare', '-rm', 'true'))('by a full disk leaves the one that is there, and says why', () => {
    const made = repository();
    const before = text(made);
    made.write('disk/x', '');
    made.write('before', before);
    // Room for one of it, and not for two.
    const mount = `mount -t tmpfs -o size=400k tmpfs disk && cp ${FILE} app.py disk/ && cd disk`;
    const after = `"$@"; code=$?; cmp ../before ${FILE} && ls -A && exit $code; exit 99`;
    const { status, stdout, stderr } = shell(made, `exec unshare -rm bash -c '${mount} && ${after}' bash "$@"`, [
      'baseline',
      'update',
    ]);
    expect(stderr).toContain('the disk is full');
    expect(status).toBe(2);
    expect(stdout.trim().split('\n').sort()).toEqual([FILE, 'app.py'].sort());
  });

  it.skipIf(!works('strace', '-V'))('by a kill leaves the old one or the new one', () => {
    const made = repository();
    const before = text(made);
    const killedAt = (call: string) => {
      const inject = `-e trace=${call} -e inject=${call}:signal=SIGKILL:when=1`;
      const { signal, status } = shell(made, `exec strace -f -qq -o /dev/null ${inject} "$@"`, ['baseline', 'update']);
      expect(signal ?? status).not.toBe(0);
      return text(made);
    };
    // Before all of it is safe, and when it takes the place of the other one.
    expect(killedAt('fsync')).toBe(before);
    const after = killedAt('/^rename');
    if (after !== before) expect(after.match(/ generic-password accepted$/gm)).toHaveLength(5001);
    expect(sss(['baseline', 'update'], { cwd: made.root }).status).toBe(0);
    expect(sss(['scan'], { cwd: made.root }).status).toBe(0);
  });

  it('leaves nothing behind for good', () => {
    const made = repository(3);
    const left = join(made.root, `.${FILE}.0a1b2c3d.tmp`);
    const fresh = join(made.root, `.${FILE}.1a1b2c3d.tmp`);
    for (const file of [left, fresh]) writeFileSync(file, 'half');
    utimesSync(left, 1, 1);
    sss(['baseline', 'update'], { cwd: made.root });
    expect(readdirSync(made.root).filter((name) => name.endsWith('.tmp'))).toEqual([`.${FILE}.1a1b2c3d.tmp`]);
  });

  it('takes no entry of somebody else away who writes at the same time', () => {
    const made = repository(3);
    // The file changes while the scan goes on: a program that git starts on the way does it.
    made.write(
      'git',
      `#!/bin/sh\necho '# added meanwhile' >> '${join(made.root, FILE)}'\nexec /usr/bin/env -i PATH="$REAL" git "$@"\n`,
    );
    spawnSync('chmod', ['+x', join(made.root, 'git')]);
    const env = { PATH: `${made.root}:${process.env.PATH}`, REAL: process.env.PATH! };
    const { status, stderr } = sss(['baseline', 'update'], { cwd: made.root, env });
    expect(stderr).toContain('was changed by something else meanwhile');
    expect(status).toBe(2);
    expect(text(made)).toContain('# added meanwhile');
  });
});
