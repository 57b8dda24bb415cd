import { spawnSync } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { type TinyOptions, tinyModel } from '../classify/tiny-model.ts';
import { packageFolder, sss } from './program.ts';
import { makeRepository, temporaryDirectory } from './repository.ts';

const VALUE = fillExample('q7{{alnum:18}}4x');
const LINE = `api_key = "${VALUE}"\n`;
const inBand = (options: TinyOptions = {}) => tinyModel({ band: { low: 0, high: 1 }, ...options });
const outOfBand = (options: TinyOptions = {}) => tinyModel({ band: { low: 1, high: 0 }, ...options });

function folderWith(text: string): string {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, 'app.py'), text);
  return cwd;
}

const scanned = (cwd: string, ...args: string[]) => {
  const { stdout, stderr, status } = sss(['scan', 'app.py', '--format', 'json', ...args], { cwd });
  return { status, stderr, ...(stdout === '' ? {} : JSON.parse(stdout)) };
};

describe('sss scan', () => {
  it('takes the model, the device and --no-model', () => {
    const cwd = folderWith(LINE);
    const asked = scanned(cwd, '--model', inBand(), '--device', 'cpu');
    expect(asked.report.statistics).toMatchObject({ decidedBy: { model: 1 }, device: 'cpu' });
    expect(asked.findings[0].scores).toEqual({ gate: expect.any(Number), model: expect.any(Number) });
    const without = scanned(cwd, '--no-model', '--config', configNaming(cwd, inBand()));
    expect(without.report.statistics).toMatchObject({ decidedBy: { gate: 1, model: 0 } });
    expect(without.report.statistics).not.toHaveProperty('device');
    expect(scanned(cwd, '--device', 'tpu')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('unknown device'),
    });
  });

  it('takes model and device from the configuration, the model beside it', () => {
    const cwd = folderWith(LINE);
    configNaming(cwd, inBand(), 'device = "cpu"\n');
    expect(scanned(cwd).report.statistics).toMatchObject({ decidedBy: { model: 1 }, device: 'cpu' });
    configNaming(cwd, '../nowhere');
    expect(scanned(cwd).stderr).toContain(`there is no model in ${join(cwd, '..', 'nowhere')}`);
  });

  it('says so when CUDA was asked for and is not there', () => {
    const { report, stderr, status } = scanned(folderWith(LINE), '--model', inBand(), '--device', 'cuda');
    // Where there is a device with CUDA, it is taken and there is nothing to say.
    if (report.statistics.device === 'cuda') return;
    expect(report.notes).toEqual([expect.stringMatching(/^CUDA is not available \(.+\): the CPU judged$/)]);
    expect(stderr).toContain('warning: CUDA is not available (');
    expect(stderr).not.toContain('onnxruntime:');
    expect([status, report.statistics.device]).toEqual([1, 'cpu']);
  });

  it('takes the CPU without a word when nothing was asked for', () => {
    const { report, stderr } = scanned(folderWith(LINE), '--model', inBand(), '--quiet');
    expect([report.notes, stderr]).toEqual([[], '']);
  });

  it('ends with 2 when its model is damaged, and says what to do', () => {
    const model = inBand();
    truncateSync(join(model, 'onnx', 'model_quantized.onnx'), 100);
    const { status, stderr } = scanned(folderWith(LINE), '--model', model);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: onnx\/model_quantized\.onnx of the model in .* is damaged: it has 100 bytes/m);
    expect(stderr).toMatch(/^hint: .*sss model verify/m);
    expect(scanned(folderWith(LINE), '--model', model, '--no-model').status).toBe(1);
  });
});

/** Writes a configuration that names a model; returns its path. */
function configNaming(cwd: string, model: string, more = ''): string {
  const path = join(cwd, '.smart-secrets-scanner.toml');
  writeFileSync(path, `model = ${JSON.stringify(model)}\n${more}`);
  return path;
}

describe('the runtime of the language model', () => {
  /** Scans in a process of its own; returns whether it loaded the runtime, and the tokenizer. */
  function loaded(model: string, text: string): { findings: number; runtime: boolean; packages: string[] } {
    const script = `
      const { scan, stdinSource, loadConfig } = await import(${JSON.stringify(pathToFileURL(join(packageFolder, 'dist', 'index.js')))});
      const { Readable } = await import('node:stream');
      const source = await stdinSource({ filename: 'app.py', maxFileSize: 0, input: Readable.from([process.env.TEXT]) });
      const config = { ...(await loadConfig({ cwd: process.cwd() })), model: process.env.MODEL, device: 'cpu' };
      const { findings } = await scan({ source, config });
      process.report.excludeNetwork = true;
      const runtime = process.report.getReport().sharedObjects.some((name) => /onnxruntime/.test(name));
      console.log(JSON.stringify({ findings: findings.length, runtime }));`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: temporaryDirectory(),
      env: { ...process.env, MODEL: model, TEXT: text },
      encoding: 'utf8',
    });
    expect(child.stderr).toBe('');
    return JSON.parse(child.stdout);
  }

  it('is loaded for a candidate in the band, and for no other', () => {
    expect(loaded(inBand(), LINE)).toEqual({ findings: 1, runtime: true });
    expect(loaded(outOfBand(), LINE)).toEqual({ findings: 1, runtime: false });
    expect(loaded('/nowhere', 'print("nothing")\n')).toEqual({ findings: 0, runtime: false });
  });
});

describe('the hook', () => {
  it('takes --model and --no-model, and blocks when the model is damaged', () => {
    const repo = makeRepository();
    repo.write('app.py', LINE);
    repo.git('add', 'app.py');
    const run = (...args: string[]) => sss(['hook', 'run', 'pre-commit', ...args], { cwd: repo.root });
    expect(run('--model', inBand(), '--device', 'cpu')).toMatchObject({ status: 1, stdout: '' });
    const gateOnly = inBand();
    rmSync(join(gateOnly, 'onnx'), { recursive: true });
    configNaming(repo.root, gateOnly);
    expect(run('--no-model').status).toBe(1);
    const blocked = run();
    expect(blocked.status).toBe(2);
    expect(blocked.stderr).toMatch(/is missing.*The commit is blocked/s);
  });
});

describe('sss explain', () => {
  it('shows what gate and language model said, and what came of it', () => {
    const cwd = temporaryDirectory();
    const explain = (...args: string[]) => sss(['explain', '--input', `api_key = 'sunflower83'`, ...args], { cwd });
    const { stdout, status } = explain('--model', inBand(), '--device', 'cpu');
    expect(status).toBe(0);
    expect(stdout).toMatch(/ {2}verdict {2}\w+ \(\d+ % likely to be a secret\), decided by the model\n/);
    expect(stdout).toMatch(/ {2}asked {4}gate [\d.]+ %, language model [\d.]+ %\n/);
    expect(stdout).not.toContain('sunflower83');
    expect(explain('--model', outOfBand()).stdout).toMatch(/gate [\d.]+ % \(language model not asked\)/);
    const data = JSON.parse(explain('--model', inBand(), '--format', 'json').stdout);
    expect(data.candidates[0].scores).toEqual({ gate: expect.any(Number), model: expect.any(Number) });
  });
});

describe('sss model', () => {
  const cwd = temporaryDirectory();

  it('info shows the model', () => {
    const model = inBand();
    const { stdout, status } = sss(['model', 'info', '--model', model], { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain(`tiny\n  folder           ${model}\n  version          test\n`);
    expect(stdout).toContain('the language model, where the gate says 0 % to 100 %');
    expect(stdout).toContain('strict 80 %, balanced 50 %, wide 20 %');
    expect(JSON.parse(sss(['model', 'info', '--model', model, '--json'], { cwd }).stdout)).toMatchObject({
      folder: model,
      name: 'tiny',
      thresholds: { balanced: 0.5 },
    });
  });

  it('verify ends with 0 for a whole model, and with 2 and a reason for another', () => {
    const model = inBand();
    const whole = sss(['model', 'verify', '--model', model], { cwd });
    expect(whole.stdout).toMatch(/^ok {8}tokenizer: 5 samples are read as the reference tokenizer reads them$/m);
    expect([whole.status, whole.stderr]).toEqual([0, '']);
    writeFileSync(join(model, 'gate.json'), '{}');
    const damaged = sss(['model', 'verify', '--model', model], { cwd });
    expect(damaged.stdout).toMatch(/^FAILED {4}gate\.json: .*is damaged/m);
    expect(damaged.status).toBe(2);
    const data = JSON.parse(sss(['model', 'verify', '--model', model, '--json'], { cwd }).stdout);
    expect(data).toMatchObject({ ok: false, name: 'tiny' });
    expect(sss(['model', 'verify', '--model', join(cwd, 'none')], { cwd })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no model in'),
    });
  });
});
