import { join } from 'node:path';
import { SCOUT_FEATURES } from '../../src/classify/scout.ts';
import { NGRAM_BUCKETS, NGRAM_FIELDS, NGRAM_VERSION } from '../../src/features/ngrams.ts';
import { FEATURE_NAMES } from '../../src/features/vector.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import { run as fuse } from '../data/fuse-datasets.ts';
import type { StepContext } from './context.ts';

/** The step `fuse_datasets`, and beside its records what the numbers in them are, for workers: data/features.json. */
export async function run(context: StepContext): Promise<void> {
  await fuse(context);
  const shape = {
    features: FEATURE_NAMES,
    scoutFeatures: SCOUT_FEATURES,
    ngramFields: NGRAM_FIELDS,
    ngramVersion: NGRAM_VERSION,
    ngramBuckets: NGRAM_BUCKETS,
  };
  writeWithFolders(join(context.runDir, 'data', 'features.json'), `${JSON.stringify(shape, null, 2)}\n`);
}
