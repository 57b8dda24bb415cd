import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ModelCard } from '../../classify/card.ts';
import { type ModelFolder, openModelFolder } from '../../classify/model-folder.ts';
import { limitsOf } from '../../config/index.ts';
import { scan } from '../../scan.ts';
import { worktreeSource } from '../../sources/index.ts';
import type { Config, Finding } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import { interruptible } from '../interrupt.ts';
import { ownModels } from '../own-models.ts';
import { loadSettings } from '../settings.ts';
import { print, printable } from '../stdio.ts';
import { learnedText, SHIPPED } from './model-own.ts';

const MOST_SHOWN = 10;

/** What `model diff` was told. */
export interface DiffOptions {
  json?: boolean;
  /** False: the gates alone are compared. */
  model?: boolean;
}

/** Compares two models by their cards, and by what they report in the files at hand. Values are masked. */
export async function diffModels(input: {
  a: string | undefined;
  b: string | undefined;
  options: DiffOptions;
}): Promise<void> {
  const { options } = input;
  const cwd = process.cwd();
  const config = await loadSettings({ cwd, flags: {} });
  const [a, b] = pick(input.a, input.b, config.model !== undefined);
  const folders = await Promise.all([open(cwd, a, config), open(cwd, b, config)]);
  const found = await interruptible(async (signal) => {
    const both: Finding[][] = [];
    for (const { dir } of folders) {
      const source = await worktreeSource({ cwd, paths: [], ...limitsOf(config) });
      const report = await scan({
        source,
        config: { ...config, model: dir },
        signal,
        useModel: options.model !== false,
      });
      if (report.interrupted) throw new UserError('the comparison was stopped before its end');
      both.push([...report.findings]);
    }
    return both as [Finding[], Finding[]];
  });
  const [only, added] = [missing(found[0], found[1]), missing(found[1], found[0])];
  const names = [a, b].map((name, i) => (name === IN_USE ? `${folders[i]!.card.name} (in use)` : name));
  if (options.json) {
    const [cardA, cardB] = folders.map(({ dir, card }) => ({ folder: dir, ...card }));
    await print(
      `${JSON.stringify({ a: cardA, b: cardB, findings: found.map((list) => list.length), gone: only, added }, null, 2)}\n`,
    );
    return;
  }
  const lines = [
    ...folders.map(({ card }, i) => cardText(names[i]!, card)),
    `In the files at hand: ${found[0].length} findings by ${names[0]}, ${found[1].length} by ${names[1]}`,
    ...section(`${only.length} that ${names[1]} does not report`, only),
    ...section(`${added.length} that only ${names[1]} reports`, added),
  ];
  await print(printable(`${lines.join('\n')}\n`));
}

/** Without names: the shipped one against the one in use. */
function pick(a: string | undefined, b: string | undefined, hasOwn: boolean): [string, string] {
  if (a !== undefined && b !== undefined) return [a, b];
  if (a !== undefined) return [SHIPPED, a];
  if (hasOwn) return [SHIPPED, IN_USE];
  throw new UserError('the shipped model is in use: there is nothing to compare it with', {
    hint: 'name another one: sss model diff team',
  });
}

const IN_USE = 'the one in use';

async function open(cwd: string, name: string, config: Config): Promise<ModelFolder> {
  if (name === SHIPPED) return openModelFolder();
  if (name === IN_USE) return openModelFolder({ dir: config.model });
  const own = join(ownModels(cwd) ?? cwd, name);
  return openModelFolder({ dir: existsSync(own) ? own : resolve(cwd, name) });
}

function cardText(name: string, { version, thresholds, metrics, parent }: ModelCard): string {
  const { strict, balanced, wide } = thresholds;
  const learned = parent ? `\n  learned     ${learnedText({ metrics })}` : '';
  return `${name}\n  version     ${version}\n  thresholds  strict ${strict}, balanced ${balanced}, wide ${wide}${learned}`;
}

function missing(of: readonly Finding[], from: readonly Finding[]): Finding[] {
  const known = new Set(from.map(({ fingerprint }) => fingerprint));
  return of.filter(({ fingerprint }) => !known.has(fingerprint));
}

function section(title: string, findings: readonly Finding[]): string[] {
  const shown = findings.slice(0, MOST_SHOWN).map(({ path, line, column, description, name, secret, probability }) => {
    const bound = name === undefined ? '' : ` (${name})`;
    return `  ${path}:${line}:${column}  ${description}${bound}  ${secret}  ${Math.round(probability * 100)} %`;
  });
  const more = findings.length > MOST_SHOWN ? [`  and ${findings.length - MOST_SHOWN} more`] : [];
  return [title, ...shown, ...more];
}
