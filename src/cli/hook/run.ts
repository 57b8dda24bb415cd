import { parseArgs } from 'node:util';
import type { Config, Report } from '../../types.ts';
import { EXIT, UserError } from '../../util/errors.ts';
import { exitCodeOf } from '../exit-code.ts';
import { interruptible } from '../interrupt.ts';
import type { JudgeForCommand } from '../judge.ts';
import { limitsOf, loadSettings } from '../settings.ts';
import { note, printable, wantsColor } from '../stdio.ts';
import { hookSource } from './source.ts';
import type { HookType } from './text.ts';

/**
 * `hook run`: what a hook does. Everything it says goes to standard error, where git sends the output of hooks anyway,
 * so that `git push --porcelain` stays what it is.
 * @param args what stands behind `hook run`
 * @returns 0 to let the commit or push go on, 1 for findings, 2 when it could not be scanned (which blocks, too)
 */
export async function hookRun(args: readonly string[]): Promise<number> {
  let type: HookType = args.includes('pre-push') ? 'pre-push' : 'pre-commit';
  try {
    if (/^(?:1|true|yes)$/.test(process.env.SSS_SKIP ?? '')) {
      await note('smart-secrets-scanner: skipped (SSS_SKIP is set)\n');
      return EXIT.clean;
    }
    const options = parseHookArgs(args);
    type = options.type;
    const report = await interruptible((signal) => scanForHook({ options, signal }));
    const code = report ? exitCodeOf(report) : EXIT.clean;
    if (report) await tell({ report, type, code });
    return code;
  } catch (error) {
    const { reportFailure } = await import('../failure.ts');
    const code = await reportFailure(error);
    await note(wayOn(type));
    return code;
  }
}

interface HookOptions {
  type: HookType;
  remote: string;
  config: string | undefined;
  preset: string | undefined;
  /** A folder; false for `--no-model`. */
  model: string | false | undefined;
  device: string | undefined;
  baseline: string | false | undefined;
  markers: boolean;
}

function parseHookArgs(args: readonly string[]): HookOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        preset: { type: 'string' },
        model: { type: 'string' },
        'no-model': { type: 'boolean' },
        device: { type: 'string' },
        baseline: { type: 'string' },
        'no-baseline': { type: 'boolean' },
        'no-markers': { type: 'boolean' },
      },
    });
    // Behind the type come the name and URL of the remote, which pre-push hooks are given.
    const type = positionals[0] ?? 'pre-commit';
    if (type === 'pre-commit' || type === 'pre-push') {
      const { config, preset, device } = values;
      const model = values['no-model'] ? false : values.model;
      const baseline = values['no-baseline'] ? false : values.baseline;
      const markers = !values['no-markers'];
      return { type, remote: positionals[1] ?? 'the remote', config, preset, model, device, baseline, markers };
    }
    throw new UserError(`unknown hook: ${type}`, { hint: 'hooks are pre-commit and pre-push' });
  } catch (cause) {
    if (cause instanceof UserError || !(cause instanceof TypeError)) throw cause;
    throw new UserError(cause.message.split('. ')[0]!, { hint: 'sss hook run --help', cause });
  }
}

async function scanForHook(input: { options: HookOptions; signal: AbortSignal }): Promise<Report | undefined> {
  const { options, signal } = input;
  const cwd = process.cwd();
  const config = await loadSettings({ cwd, flags: options });
  for (const warning of config.warnings) await note(`smart-secrets-scanner: warning: ${printable(warning)}\n`);
  const source = await hookSource({ type: options.type, remote: options.remote, cwd, ...limitsOf(config) });
  if (!source) return undefined;
  const { scan } = await import('../../scan.ts');
  const judge = config.judge?.hooks ? await judgeForHook(config) : undefined;
  const report = await scan({ source, config, signal, useModel: options.model !== false, judge: judge?.judge });
  await judge?.end();
  return report;
}

/** People wait for a hook: what the judge has not answered by then stays as the scanner judges it. */
const JUDGE_MS = 10_000;

async function judgeForHook(config: Config): Promise<JudgeForCommand | undefined> {
  if (config.judge?.use?.startsWith('llama-cpp')) {
    throw new UserError('llama.cpp is not asked in hooks: it would load the model at every commit', {
      hint: 'leave out judge.hooks, or use a server: judge.use = "ollama:MODEL"',
    });
  }
  const { judgeFor } = await import('../judge.ts');
  return judgeFor({ config, isCached: config.cache !== false, deadlineMs: JUDGE_MS });
}

/** A clean run says nothing, unless something was left out that a user would think had been scanned. */
async function tell({ report, type, code }: { report: Report; type: HookType; code: number }): Promise<void> {
  const warnings = [...report.notes, ...(report.remarks ?? [])];
  await note(printable(warnings.map((text) => `smart-secrets-scanner: warning: ${text}\n`).join('')));
  if (code === EXIT.clean) {
    const left = report.skipped.map(({ path, reason }) => `smart-secrets-scanner: not scanned: ${path}: ${reason}\n`);
    const more = left.length > SKIPPED_SHOWN ? `smart-secrets-scanner: and ${left.length - SKIPPED_SHOWN} more\n` : '';
    const { allowed, hidden } = report.statistics;
    const isHidden = hidden && hidden.markers + hidden.ignoreFiles + hidden.baseline > 0;
    const passed = allowed > 0 || isHidden ? await toldHidden(report) : '';
    return note(printable(left.slice(0, SKIPPED_SHOWN).join('') + more + passed));
  }
  const { render } = await import('../../report/index.ts');
  const { columns } = process.stderr;
  const width = columns === undefined ? {} : { width: columns };
  await note(await render('text', report, { color: wantsColor(process.stderr), command: type, ...width }));
}

async function toldHidden(report: Report): Promise<string> {
  const { hiddenLines } = await import('../../report/words.ts');
  return hiddenLines(report)
    .map((line) => `smart-secrets-scanner: ${line}\n`)
    .join('');
}

const SKIPPED_SHOWN = 3;

function wayOn(type: HookType): string {
  const verb = type === 'pre-commit' ? 'commit' : 'push';
  return (
    `The ${verb} is blocked, because it could not be scanned.\n` +
    `To go on without a scan: SSS_SKIP=1 git ${verb} …   or: git ${verb} --no-verify\n`
  );
}
