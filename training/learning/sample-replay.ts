import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { featuresHash } from '../../src/classify/card.ts';
import type { VerdictLogits } from '../../src/classify/stack.ts';
import { sigmoid } from '../../src/classify/stack.ts';
import { UserError } from '../../src/util/errors.ts';
import { lot } from '../data/random.ts';
import { type DataRecord, readJsonLines, readRecords } from '../data/record.ts';
import type { StepContext } from '../pipeline/context.ts';
import { packReplay, type ReplayRow } from './replay.ts';

/** What the sample is drawn from: kinds of records by what the gate says of them out of fold, and how many of each. */
const STRATA: readonly { name: string; most: number; has: (record: DataRecord, probability: number) => boolean }[] = [
  { name: 'secrets', most: 1700, has: ({ source, label }) => source === 'creddata' && label === 'secret' },
  { name: 'generated secrets', most: 600, has: ({ source, label }) => source === 'synthetic' && label === 'secret' },
  {
    name: 'others that the gate doubts',
    most: 1000,
    has: ({ source, label, labelled }, p) => source === 'creddata' && labelled && label !== 'secret' && p >= 0.03,
  },
  {
    name: 'others that it is sure of',
    most: 400,
    has: ({ source, label, labelled }, p) => source === 'creddata' && labelled && label !== 'secret' && p < 0.03,
  },
  {
    name: 'generated others',
    most: 300,
    has: ({ source, label }, p) => source === 'synthetic' && label !== 'secret' && p >= 0.03,
  },
  { name: 'code of packages', most: 150, has: ({ source }, p) => source === 'packages' && p >= 0.01 },
];
/** Of one repository in one kind: a sample of many repositories says more than many records of one. */
const MOST_OF_REPOSITORY = 60;

/** Draws the replay sample that ships with the model: what the learning from a team's decisions must not make worse. */
export async function run(context: StepContext): Promise<void> {
  const { paths, seed } = context;
  const rows = await sampleReplay({ records: paths.trainRecords, oof: paths.oof, held: paths.held, seed });
  const secrets = rows.filter(({ label }) => label === 'secret').length;
  const bytes = packReplay(rows, featuresHash());
  await mkdir(dirname(paths.replay), { recursive: true });
  await writeFile(`${paths.replay}.part`, bytes);
  await rename(`${paths.replay}.part`, paths.replay);
  context.log(`${rows.length} rows, ${secrets} of them secrets, ${bytes.length} bytes`);
}

/** Rows that no rule or filter settles, in an order that says nothing of where they are from. */
export async function sampleReplay(input: {
  records: string;
  oof: string;
  held: string;
  seed: number;
}): Promise<ReplayRow[]> {
  const { records, oof, held, seed } = input;
  const scores = new Map<string, { logit: number; ngrams: readonly number[] }>();
  for await (const { value, line } of readJsonLines(oof)) {
    const { id, logit, ngrams } = value as { id: string; logit: number; ngrams?: readonly number[] };
    if (!ngrams)
      throw new UserError(`${oof}:${line}: there are no n-gram scores`, {
        hint: 'run train_gate again: --from train_gate',
      });
    scores.set(id, { logit, ngrams });
  }
  const answers = new Map<string, VerdictLogits>();
  for await (const { value } of readJsonLines(held)) {
    const { id, logits } = value as { id: string; logits: VerdictLogits };
    answers.set(id, logits);
  }
  const drawn = STRATA.map(() => new Map<string, { row: Omit<ReplayRow, 'group'>; repo: string; lot: number }>());
  for await (const record of readRecords(records)) {
    const score = scores.get(record.id);
    if (record.settled !== null || !score) continue;
    const stratum = STRATA.findIndex(({ has }) => has(record, sigmoid(score.logit)));
    if (stratum < 0) continue;
    const lm = answers.get(record.id);
    const x = [...record.x, ...score.ngrams];
    const row = { x, label: record.label, gate: score.logit, ...(lm ? { lm } : {}) };
    // Both variants of a candidate that nobody chose are the same row.
    drawn[stratum]!.set(x.join(), { row, repo: record.repo, lot: lot(`${seed} ${record.id}`) });
  }
  const chosen = STRATA.flatMap(({ most }, i) => {
    const counts = new Map<string, number>();
    const inOrder = [...drawn[i]!.values()].sort((a, b) => a.lot - b.lot);
    return inOrder
      .filter(({ repo }) => {
        counts.set(repo, (counts.get(repo) ?? 0) + 1);
        return counts.get(repo)! <= MOST_OF_REPOSITORY;
      })
      .slice(0, most);
  }).sort((a, b) => a.lot - b.lot);
  const groups = new Map([...new Set(chosen.map(({ repo }) => repo))].map((repo, i) => [repo, i]));
  return chosen.map(({ row, repo }) => ({ ...row, group: groups.get(repo)! }));
}
