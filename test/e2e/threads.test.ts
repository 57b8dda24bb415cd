import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { tinyModel } from '../classify/tiny-model.ts';
import { packageFolder, secretLine, secretValue, sss } from './program.ts';
import { makeRepository, temporaryDirectory } from './repository.ts';

/** Enough text for threads to be started, in files of any size, secrets all over. */
function bigFolder(): string {
  const cwd = temporaryDirectory();
  const filler = 'export function add(first, second) {\n  return first + second;\n}\n';
  for (let i = 0; i < 60; i++) {
    const lines = filler.repeat(((i * 7919) % 23) * 150 + 1);
    const key = fillExample(
      `aws_access_key_id = AKIAI{{base32:15}}\naws_secret_access_key = {{base64:38}}a${i % 10}\n`,
    );
    const folder = join(cwd, `part-${i % 7}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, `file-${i}.py`),
      `${lines}${i % 3 === 0 ? secretLine : ''}${lines}${i % 5 === 0 ? key : ''}`,
    );
  }
  writeFileSync(join(cwd, 'cut.zip'), 'PK\u0003\u0004 no archive');
  return cwd;
}

/** A history of many small texts and some large ones: enough for threads to be started. */
function bigHistory(): string {
  const repository = makeRepository();
  const filler = 'export function add(first, second) {\n  return first + second;\n}\n';
  for (let i = 0; i < 12; i++) {
    for (let part = 0; part < 20; part++) {
      const lines = `// step ${i} of part ${part}\n${filler.repeat(part % 10 === 0 ? 6000 : 40 + part)}`;
      repository.write(`part-${part % 3}/file-${part}.py`, part === 3 || part === i ? `${lines}${secretLine}` : lines);
    }
    repository.git('add', '.');
    repository.commit(i % 4 === 0 ? `step ${i}\n\n${secretLine}` : `step ${i}`);
  }
  return repository.root;
}

describe('a scan on several threads', () => {
  let cwd: string;
  const model = tinyModel({ band: { low: 0, high: 1 } });
  const scanned = (...args: string[]) =>
    sss(['scan', '--no-cache', '--format', 'json', '--model', model, '--device', 'cpu', ...args], { cwd });
  beforeAll(() => {
    cwd = bigFolder();
  });

  it('reports the same, in the same order, as one on a single thread', { timeout: 120_000 }, () => {
    const reports = ['1', '2', '4'].map((threads) => {
      const { stdout, status } = scanned('--threads', threads);
      const { findings, report } = JSON.parse(stdout);
      return { status, findings, report: { ...report, statistics: { ...report.statistics, elapsedMs: 0 } } };
    });
    expect(reports[0]!.findings).toHaveLength(20 + 12);
    expect(reports[0]!.report.statistics.decidedBy.model).toBeGreaterThan(0);
    expect(reports[0]!.report.statistics.bytes).toBeGreaterThan(8_000_000);
    expect(reports[1]).toEqual(reports[0]);
    expect(reports[2]).toEqual(reports[0]);
  });

  it('reports the same of a history', { timeout: 120_000 }, () => {
    const root = bigHistory();
    const reports = ['1', '2', '4'].map((threads) => {
      const args = ['scan', '--history', '--no-cache', '--format', 'json', '--model', model, '--device', 'cpu'];
      const { findings, report } = JSON.parse(sss([...args, '--threads', threads], { cwd: root }).stdout);
      return { findings, report: { ...report, statistics: { ...report.statistics, elapsedMs: 0 } } };
    });
    const { findings, report } = reports[0]!;
    expect(new Set(findings.map(({ source }: { source: string }) => source))).toEqual(new Set(['history', 'message']));
    expect(report.statistics).toMatchObject({ chunks: 12 * 20 + 12 });
    expect(report.statistics.bytes).toBeGreaterThan(8_000_000);
    expect(reports[1]).toEqual(reports[0]);
    expect(reports[2]).toEqual(reports[0]);
  });

  it('fails as one on a single thread does, when the model is damaged', { timeout: 60_000 }, () => {
    const broken = tinyModel({ band: { low: 0, high: 1 } });
    truncateSync(join(broken, 'gate.json'), 100);
    const [one, many] = ['1', '4'].map((threads) => scanned('--model', broken, '--threads', threads));
    expect(one).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('gate.json') });
    expect(many).toEqual(one);
  });

  it('ends with what it has when it is stopped', { timeout: 60_000 }, async () => {
    const args = [
      'scan',
      '--stdin',
      '--stdin-filename',
      'a.py',
      '--threads',
      '2',
      '--format',
      'json',
      '--max-file-size',
      '0',
    ];
    const child = spawn(process.execPath, [join(packageFolder, 'bin', 'smart-secrets-scanner.js'), ...args], { cwd });
    let stdout = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    const text = 'export const nothing = 1;\n'.repeat(40_000);
    child.stdin.on('error', () => undefined);
    child.stdin.write(secretLine);
    // Until well behind the point where threads are started.
    for (let i = 0; i < 20; i++) {
      if (!child.stdin.write(text)) await once(child.stdin, 'drain');
    }
    child.kill('SIGINT');
    const [status] = await once(child, 'close');
    expect(status).toBe(2);
    const { findings, report } = JSON.parse(stdout);
    expect(report.interrupted).toBe(true);
    expect(findings.length).toBeLessThanOrEqual(1);
    expect(stdout).not.toContain(secretValue);
  });

  it.each(['0', '-1', 'all', '2.5', ''])('refuses %j threads', (threads) => {
    expect(scanned(`--threads=${threads}`)).toMatchObject({ status: 2, stdout: '' });
  });
});
