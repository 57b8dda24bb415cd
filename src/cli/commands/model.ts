import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ModelCard } from '../../classify/card.ts';
import { EXIT } from '../../util/errors.ts';
import { formatBytes } from '../../util/format.ts';
import { type Finish, helpText } from '../help.ts';
import { loadSettings } from '../settings.ts';
import { print, printable } from '../stdio.ts';
import type { DiffOptions } from './model-diff.ts';
import { addOwnModelCommands, learnedText } from './model-own.ts';

interface ModelOptions {
  model?: string;
  json?: boolean;
}

/** Adds `model info`, `model verify` and what there is to do with one's own models. */
export function addModelCommand(program: Command, finish: Finish): void {
  const model = program
    .command('model')
    .summary('show the model that judges, and check its files')
    .description(
      'The model that judges what no rule and no filter settles: the one that ships with the scanner, or yours.',
    );
  model
    .command('info')
    .summary('show what the model is')
    .description('Shows name, version, parts and thresholds of the model.')
    .option('--model <folder>', 'this model folder')
    .option('--json', 'as JSON')
    .addHelpText('after', helpText(['sss model info', 'sss model info --model runs/mine/model --json']))
    .action(async (options: ModelOptions) => {
      const { dir, card } = await open(options);
      const data = { folder: dir, ...card };
      await print(options.json ? `${JSON.stringify(data, null, 2)}\n` : describe(dir, card));
      finish(EXIT.clean);
    });
  model
    .command('verify')
    .summary('check every file of the model, and that it answers')
    .description(
      'Compares every file of the model with its card, loads it, compares its tokenizer with the reference implementation ' +
        'where that is installed, and asks it a few samples. The exit code is 2 when something is wrong.',
    )
    .option('--model <folder>', 'this model folder')
    .option('--json', 'as JSON')
    .addHelpText('after', helpText(['sss model verify', 'sss model verify --model runs/mine/model']))
    .action(async (options: ModelOptions) => finish(await verify(options)));
  addOwnModelCommands(model, finish);
  model
    .command('diff [a] [b]')
    .summary('compare two models, also by what they report here')
    .description(
      'Compares the figures of two models, and what they report in the files at hand: the shipped model and the one in ' +
        'use, the shipped one and the one that is named, or the two that are named.',
    )
    .option('--no-model', 'do not ask the language models: the gates decide alone')
    .option('--json', 'as JSON')
    .addHelpText('after', helpText(['sss model diff', 'sss model diff team', 'sss model diff team .sss-models/shop']))
    .action(async (a: string | undefined, b: string | undefined, options: DiffOptions) => {
      const { diffModels } = await import('./model-diff.ts');
      await diffModels({ a, b, options });
      finish(EXIT.clean);
    });
}

async function open({ model }: ModelOptions) {
  const { openModelFolder } = await import('../../classify/model-folder.ts');
  const cwd = process.cwd();
  const dir = model === undefined ? (await loadSettings({ cwd, flags: {} })).model : resolve(cwd, model);
  return openModelFolder({ dir });
}

async function verify(options: ModelOptions): Promise<number> {
  const folder = await open(options);
  const { verifyModel } = await import('../../classify/verify-model.ts');
  const checks = await verifyModel(folder);
  const ok = checks.every((check) => check.ok);
  if (options.json) {
    const { name, version } = folder.card;
    await print(`${JSON.stringify({ folder: folder.dir, name, version, ok, checks }, null, 2)}\n`);
  } else {
    const lines = checks.map(({ ok, leftOut, what, detail }) => {
      const state = leftOut ? 'left out' : ok ? 'ok' : 'FAILED';
      return `${state.padEnd(8)}  ${what}: ${detail}\n`;
    });
    const hint = folder.problem('').hint;
    const whole = checks.some(({ leftOut }) => leftOut)
      ? 'is whole, as far as it was looked at'
      : 'is whole and answers';
    const result = ok ? `${folder.card.name} ${whole}\n` : `${folder.card.name} cannot be used; ${hint}\n`;
    await print(printable(lines.join('') + result));
  }
  return ok ? EXIT.clean : EXIT.failed;
}

function describe(dir: string, card: ModelCard): string {
  const percent = (p: number) => `${Number((p * 100).toFixed(1))} %`;
  const limits = ({ strict, balanced, wide }: ModelCard['thresholds']) =>
    `strict ${percent(strict)}, balanced ${percent(balanced)}, wide ${percent(wide)}`;
  const size = Object.values(card.files).reduce((sum, { bytes }) => sum + bytes, 0);
  const { band, languageModel } = card;
  const rows: [string, string][] = [
    ['folder', dir],
    ['version', card.version],
    ['files', `${Object.keys(card.files).length}, ${formatBytes(size)}`],
    [
      'asks',
      languageModel && band.low <= band.high
        ? `the language model, where the gate says ${percent(band.low)} to ${percent(band.high)}`
        : `no language model: ${languageModel ? 'it was no better than the gate' : 'there is none'}`,
    ],
    ['reports from', limits(card.thresholds)],
    ['with --no-model', limits(card.gateThresholds)],
    ...(card.parent ? [['learned', learnedText(card)] as [string, string]] : []),
  ];
  return printable(`${card.name}\n${rows.map(([label, text]) => `  ${label.padEnd(15)}  ${text}\n`).join('')}`);
}
