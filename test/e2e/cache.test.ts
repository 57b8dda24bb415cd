import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder, secretLine, secretValue, sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

function repository(): TestRepository {
  const made = makeRepository();
  for (let i = 0; i < 5; i++) made.stage(`src/${i}.py`, `print(${i})\n`);
  made.stage('app.py', secretLine);
  made.commit();
  return made;
}

/** The program with a folder of its own to remember in. */
function program(cwd: string, folder = join(temporaryDirectory(), 'cache')) {
  const env = { SSS_CACHE_DIR: folder };
  const run = (...args: string[]) => sss(args, { cwd, env });
  const lines = (...args: string[]) => {
    const { status, stdout, stderr } = run('scan', '--format', 'jsonl', ...args);
    const all = stdout.trim().split('\n');
    const { report } = JSON.parse(all.pop()!);
    const { cached, elapsedMs, ...statistics } = report.statistics;
    return { cached, said: { status, stderr, findings: all, report: { ...report, statistics } } };
  };
  return { run, lines, folder, files: () => (existsSync(folder) ? readdirSync(folder) : []) };
}

describe('a scan that is remembered', () => {
  it.each([[[]], [['--history']], [['--range', 'HEAD']], [['--show-secrets']], [['--preset', 'wide']]])(
    'with %j says the same again, byte by byte',
    (args) => {
      const { lines, files } = program(repository().root);
      const first = lines(...args);
      expect(first.said).toMatchObject({ status: 1, findings: [expect.any(String)] });
      const second = lines(...args);
      expect(second.said).toEqual(first.said);
      expect([first.cached, second.cached > 0]).toEqual([0, true]);
      const fresh = lines(...args, '--no-cache');
      expect([fresh.said, fresh.cached]).toEqual([first.said, undefined]);
      expect(files()).toHaveLength(1);
    },
  );

  it('remembers nothing of what is staged, of standard input, of hooks, and where it is told not to', () => {
    const made = repository();
    const { run, files } = program(made.root);
    made.stage('more.py', 'print(9)\n');
    run('scan', '--staged');
    run('scan', '--stdin');
    run('hook', 'run', 'pre-commit');
    run('scan', '--no-cache');
    expect(files()).toEqual([]);
    made.write('.smart-secrets-scanner.toml', 'cache = false\n');
    expect(run('scan').status).toBe(1);
    expect(files()).toEqual([]);
    made.write('.smart-secrets-scanner.toml', 'cache = true\n');
    run('scan');
    expect(files()).toHaveLength(1);
  });

  it('keeps no value, and no path', () => {
    const made = repository();
    const { run, folder, files } = program(made.root);
    run('scan');
    run('scan', '--history', '--show-secrets');
    const kept = Buffer.concat(files().map((name) => readFileSync(join(folder, name))));
    expect(kept.length).toBeGreaterThan(500);
    for (const text of [secretValue, 'app.py', 'src/1.py']) expect(kept.includes(text)).toBe(false);
  });

  it('goes on without a place to remember in, and says so once', () => {
    const made = repository();
    const blocked = join(temporaryDirectory(), 'file');
    writeFileSync(blocked, '');
    const { run } = program(made.root, join(blocked, 'cache'));
    const { status, stdout, stderr } = run('scan');
    expect(status).toBe(1);
    expect(stdout).toContain('app.py:1');
    expect(stderr.match(/^warning: nothing can be remembered/gm)).toHaveLength(1);
    expect(run('scan', '--no-cache').stderr).toBe('');
  });

  it('is not disturbed by another one at the same time, nor by one that is killed', async () => {
    const made = repository();
    const { lines, folder, files } = program(made.root);
    const start = () =>
      spawn(process.execPath, [join(packageFolder, 'bin', 'smart-secrets-scanner.js'), 'scan'], {
        cwd: made.root,
        env: { ...process.env, SSS_CACHE_DIR: folder },
        stdio: 'ignore',
      });
    const all = [start(), start(), start()];
    all[2]!.kill('SIGKILL');
    await Promise.all(all.map((child) => once(child, 'exit')));
    expect(files().filter((name) => name.endsWith('.sss'))).toHaveLength(1);
    const { cached, said } = lines();
    expect(cached).toBe(5);
    expect(said).toEqual(lines('--no-cache').said);
  });
});

describe('sss cache', () => {
  it('shows the folder and clears it of what is its own', () => {
    const { run, folder, files } = program(repository().root);
    expect(run('cache', 'path')).toMatchObject({ status: 0, stdout: `${folder}\n` });
    expect(run('cache', 'clear')).toMatchObject({ status: 0, stdout: '0 files removed\n' });
    run('scan');
    run('scan', '--history');
    writeFileSync(join(folder, 'mine.txt'), '');
    expect(run('cache', 'clear')).toMatchObject({ status: 0, stdout: '2 files removed\n' });
    expect(files()).toEqual(['mine.txt']);
  });
});
