import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import { writeSyntheticCorpus } from '../data/synthetic/corpus.ts';
import { fetchBase } from './base-source.ts';
import { hashPlace } from './hash.ts';
import { fetchPackages, type Package, readRecipe } from './packages.ts';
import type { PipelineContext } from './step.ts';

/**
 * Gets what is trained from: a base (a local folder or one of a hub), the released packages of corpora.yaml, and with
 * `creddata: synthetic` a generated corpus. Writes down what it got.
 *
 * @throws UserError when something is not there, cannot be fetched or is not what its checksum says
 */
export async function run(context: PipelineContext): Promise<void> {
  const { config, paths, runDir, seed } = context;
  const base = await fetchBase(context);
  if (config.data.creddata === 'synthetic') {
    mkdirSync(paths.creddata, { recursive: true });
    const { repos, files, labels } = writeSyntheticCorpus({ dir: paths.creddata, seed });
    context.log(`generated a corpus of ${labels} labels in ${files} files of ${repos} repositories`);
  } else if (!existsSync(join(paths.creddata, 'labels.csv'))) {
    throw new UserError(`there is no labelled corpus in ${paths.creddata}`, {
      hint: 'name its folder as data.creddata in a file for --config, or use --synthetic',
    });
  }
  const packages = await packagesOf(context);
  writeWithFolders(join(runDir, 'download.json'), `${JSON.stringify({ base, packages }, null, 2)}\n`);
}

async function packagesOf(context: PipelineContext): Promise<readonly Package[] | object | null> {
  const { config, paths } = context;
  const folder = paths.packages;
  if (folder === undefined) return null;
  if (config.data.packages === 'auto') {
    const recipe = await readRecipe(join(paths.packageRoot, 'training', 'config', 'corpora.yaml'));
    await fetchPackages({ recipe, folder, context });
    return recipe;
  }
  const facts = await hashPlace(folder, { listing: true });
  if (facts !== null) return facts;
  throw new UserError(`data.packages names a folder that does not exist: ${folder}`, {
    hint: 'auto downloads the packages, none goes without',
  });
}
