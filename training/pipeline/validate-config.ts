import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import { readFusionConfig } from '../data/fusion-config.ts';
import { checkConfig, kQuantWarnings } from './config-limits.ts';
import type { StepContext } from './context.ts';
import { hashText, stableJson } from './hash.ts';

/**
 * Checks the configuration and that the files it names are there; reads no weights and needs no Python.
 * @throws UserError that names the setting
 */
export async function run(context: StepContext): Promise<void> {
  const { config, paths, runDir } = context;
  const warnings = checkConfig(config);
  for (const name of ['labels.csv', 'repos.csv', 'excerpts.jsonl.gz']) {
    if (existsSync(join(paths.creddata, name))) continue;
    throw new UserError(`the labelled corpus has no ${name}: ${paths.creddata}`, {
      hint: 'name its folder as data.creddata in a file for --config, or use --synthetic',
    });
  }
  if (paths.packages !== undefined && !existsSync(paths.packages)) {
    throw new UserError(`data.packages names a folder that does not exist: ${paths.packages}`, {
      hint: 'auto downloads them, none goes without',
    });
  }
  if (paths.extra !== undefined && !existsSync(paths.extra)) {
    throw new UserError(`data.extra names a file that does not exist: ${paths.extra}`);
  }
  readFusionConfig(paths.fusion);
  warnings.push(...baseWarnings(join(runDir, 'base-source', 'config.json')));
  const folder = dirname(paths.models);
  if (!existsSync(folder) && config.promote.models_dir !== 'run') {
    throw new UserError(`promote.models_dir is in a folder that does not exist: ${folder}`);
  }
  for (const warning of warnings) context.log(`warning: ${warning}`);
  const facts = { config: hashText(stableJson(config)), warnings };
  writeWithFolders(join(runDir, 'config', 'validated.json'), `${JSON.stringify(facts, null, 2)}\n`);
}

function baseWarnings(path: string): string[] {
  if (!existsSync(path)) return [];
  const { hidden_size, intermediate_size } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
  return kQuantWarnings(hidden_size ?? 0, intermediate_size ?? 0);
}
