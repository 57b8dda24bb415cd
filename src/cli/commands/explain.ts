import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import type { Explanation } from '../../explain.ts';
import type { Config, Finding, Scores, TextChunk } from '../../types.ts';
import { EXIT, UserError } from '../../util/errors.ts';
import { lineTable } from '../../util/lines.ts';
import { type Finish, helpText } from '../help.ts';
import { judgeFor } from '../judge.ts';
import { limitsOf, loadSettings, type SettingsFlags } from '../settings.ts';
import {
  CONFIG_OPTION,
  DEVICE_OPTION,
  JUDGE_OPTION,
  JUDGE_URL_OPTION,
  MODEL_OPTION,
  NO_JUDGE_OPTION,
  NO_MODEL_OPTION,
  presetOption,
} from '../settings-options.ts';
import { print, printable, warn } from '../stdio.ts';

interface ExplainOptions extends SettingsFlags {
  input?: string;
  inputFilename?: string;
  format: 'text' | 'json';
  showSecrets?: boolean;
}

/** Adds `explain`. */
export function addExplainCommand(program: Command, finish: Finish): void {
  program
    .command('explain')
    .summary('say why something is, or is not, taken for a secret')
    .description(
      'Shows every string of a line that was worth judging, and what was thought of it: secret, placeholder or harmless, how ' +
        'sure, and why. The exit code is 0 whatever the verdicts are.',
    )
    .argument('[file:line]', 'line of a file (or a file, for all its lines)')
    .option('--input <text>', 'explain this text instead of a file')
    .option('--input-filename <name>', 'with --input: the name to judge it by')
    .option(...CONFIG_OPTION)
    .option(...presetOption('calling it a secret'))
    .option(...MODEL_OPTION)
    .option(...NO_MODEL_OPTION)
    .option(...DEVICE_OPTION)
    .option(...JUDGE_OPTION)
    .option(...NO_JUDGE_OPTION)
    .option(...JUDGE_URL_OPTION)
    .addOption(new Option('--format <format>', 'how to show it').choices(['text', 'json']).default('text'))
    .option('--show-secrets', 'show values in the clear')
    .addHelpText('after', helpText(['sss explain src/config.ts:12', `sss explain --input "api_key = 'test123'"`]))
    .action(async (place: string | undefined, options: ExplainOptions) => {
      await runExplain(place, options);
      finish(EXIT.clean);
    });
}

async function runExplain(place: string | undefined, options: ExplainOptions): Promise<void> {
  if ((place === undefined) === (options.input === undefined)) {
    throw new UserError('explain takes a FILE:LINE, or a text with --input', { hint: 'sss explain src/config.ts:12' });
  }
  if (options.inputFilename !== undefined && options.input === undefined) {
    throw new UserError('--input-filename goes with --input');
  }
  // A file that was asked for by name is read whatever its size.
  const config: Config = { ...(await loadSettings({ cwd: process.cwd(), flags: options })), maxFileSize: 0 };
  const { file, line } = await parsePlace(place);
  const [{ explain }, { createJudge }] = await Promise.all([
    import('../../explain.ts'),
    import('../../classify/index.ts'),
  ]);
  const { preset, model: modelDir, device } = config;
  const useModel = options.model !== false;
  const asked = await judgeFor({ config, isCached: false, withReason: true });
  const second = asked?.judge;
  const judge = createJudge({ preset, modelDir, device, useModel, explain: true, doubtful: second?.band });
  const candidates: Finding[] = [];
  let lastLine = 0;
  for await (const chunk of openChunks({ file, options, config })) {
    lastLine = chunk.firstLine + lineTable(chunk.text.replace(/\n$/, '')).length - 1;
    const show = options.showSecrets ?? false;
    const explanation: Explanation = await explain({
      chunk,
      config,
      show,
      judge,
      useModel: options.model !== false,
      second,
      ...(line === undefined ? {} : { line }),
    });
    candidates.push(...explanation.candidates);
  }
  await asked?.end();
  const notes = [...judge.notes(), ...(second?.notes() ?? [])];
  await warn(notes);
  if (lastLine === 0) throw new UserError(`nothing could be read from ${file ?? 'the text'}`);
  if (line !== undefined && line > lastLine) {
    throw new UserError(`${file} has no line ${line}: its last one is ${lastLine}`);
  }
  if (options.format === 'json') return print(`${JSON.stringify({ candidates }, null, 2)}\n`);
  const where =
    file === undefined ? 'the text' : line === undefined ? printable(file) : `line ${line} of ${printable(file)}`;
  if (candidates.length === 0) await print(`Nothing in ${where} looks worth judging.\n`);
  else await print(candidates.map((candidate) => describe(candidate)).join('\n'));
}

async function parsePlace(place: string | undefined): Promise<{ file?: string; line?: number }> {
  if (place === undefined) return {};
  const { existsSync } = await import('node:fs');
  const match = /^(.+?):(\d+)(?::\d+)?$/s.exec(place);
  if (!match || existsSync(place)) return { file: place };
  const line = Number(match[2]);
  if (line < 1) throw new UserError(`there is no line ${line}`, { hint: 'lines are counted from 1' });
  return { file: match[1]!, line };
}

async function* openChunks(input: {
  file: string | undefined;
  options: ExplainOptions;
  config: Config;
}): AsyncGenerator<TextChunk> {
  const { file, options, config } = input;
  const { stdinSource, worktreeSource } = await import('../../sources/index.ts');
  const limits = limitsOf(config);
  const source =
    file === undefined
      ? await stdinSource({ filename: options.inputFilename, ...limits, input: Readable.from([options.input ?? '']) })
      : await worktreeSource({ cwd: process.cwd(), paths: [file], ...limits });
  for await (const item of source.items()) {
    if ('chunk' in item) yield item.chunk;
    else throw new UserError(`${item.skipped.path} was not read: ${item.skipped.reason}`);
  }
}

function describe(finding: Finding): string {
  const { verdict, probability, decidedBy, scores } = finding;
  const rows: [string, string][] = [
    ['rule', `${finding.ruleId}: ${finding.description}`],
    ['value', finding.name === undefined ? finding.secret : `${finding.secret}, bound to ${finding.name}`],
    ['verdict', `${verdict} (${Math.round(probability * 100)} % likely to be a secret), decided by the ${decidedBy}`],
    ...(scores ? [['asked', asked(scores)] satisfies [string, string]] : []),
    ['because', finding.reason],
    ...(finding.parts ?? []).map((part): [string, string] => ['with', `${part.role} ${part.text}, line ${part.line}`]),
    ['line', finding.preview],
  ];
  const body = rows.map(([label, text]) => `  ${label.padEnd(8)} ${text}\n`).join('');
  return `${finding.path}:${finding.line}:${finding.column}\n${body}`;
}

/** What the parts of the model said: `gate 62 %, language model 71 %`. */
function asked({ gate, model, judge }: Scores): string {
  const percent = (p: number) => `${(p * 100).toFixed(1)} %`;
  const parts = [`gate ${percent(gate)}${model === undefined ? ' (language model not asked)' : ''}`];
  if (model !== undefined) parts.push(`language model ${percent(model)}`);
  if (judge !== undefined) parts.push(`judge ${percent(judge)}`);
  return parts.join(', ');
}
