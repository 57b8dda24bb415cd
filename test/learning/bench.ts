import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedbackRecord } from '../../src/types.ts';
import { labelledFiles, openSplit } from '../../training/data/creddata.ts';
import { lot } from '../../training/data/random.ts';
import { adapterText, type Learned, learn } from '../../training/learning/learn.ts';
import { adapterWorkers } from '../../training/pipeline/adapter-workers.ts';
import { decisionMaker, type Judged, judgeFiles } from './decisions.ts';
import { type MadeFile, madeRepository, TEAMS } from './team.ts';

const SIZES = [25, 50, 100, 200];
const [KNOWN, FRESH] = [6, 3];

/** One point of a curve: what is found in new repositories after so many decisions. */
interface Point {
  decisions: number;
  /** False: too few, or refused; the shipped model judges on. */
  taken: boolean;
  found: number;
  secrets: number;
  lost: number;
  alarms: number;
  /** What learning said. */
  said: string;
}

/** Lines of `bench/learning.txt`. @param shared folder with labelled data; absent: left out */
export async function measureLearning(shared: string | undefined): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sss-learning-'));
  try {
    const lines: string[] = [];
    for (const team of TEAMS) {
      const repositories = Array.from({ length: KNOWN + FRESH }, (_, i) =>
        madeRepository({ team, seed: `measured ${i}` }),
      );
      lines.push(`== ${team.name}: ${KNOWN} repositories to decide in, ${FRESH} new ones`);
      const [known, fresh] = [repositories.slice(0, KNOWN).flat(), repositories.slice(KNOWN).flat()];
      lines.push(
        ...table(await curve({ folder, known, fresh, sizes: SIZES, name: team.name.replaceAll(' ', '-') })),
        '',
      );
    }
    if (shared !== undefined) lines.push(...(await labelledCode(shared, folder)));
    lines.push(...(await measureAdapter(folder)));
    return lines;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Real repositories, whose false alarms have no habit in common: nothing is to be gained, and nothing may be lost. */
async function labelledCode(shared: string, folder: string): Promise<string[]> {
  const split = openSplit({ creddata: join(shared, 'creddata'), split: 'calib', purpose: 'calibrate' });
  const files = [...labelledFiles(split, 'human')].map(({ path, repo, text, places }) => {
    const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    const spans = places.flatMap((place) =>
      place.secret ? [[starts[place.start - 1] ?? 0, starts[place.end] ?? text.length] as const] : [],
    );
    return { repo, file: { path: path.replace(/^files\/[^/]+\//, `${repo}/`), text, secrets: spans } };
  });
  const pick = (isKnown: boolean) => files.filter(({ repo }) => lot(repo) < 0.5 === isKnown).map(({ file }) => file);
  return [
    '== labelled code (calib): half of its repositories to decide in, the others as new ones; lines count',
    ...table(await curve({ folder, known: pick(true), fresh: pick(false), sizes: [200], name: 'calib' })),
    '',
  ];
}

/** Decisions on everything that is raised, in an order that says nothing of where they are from. */
async function decisionsOn(
  files: readonly MadeFile[],
  options?: Parameters<typeof decisionMaker>[0],
): Promise<FeedbackRecord[]> {
  const write = await decisionMaker(options);
  const records: FeedbackRecord[] = [];
  for (const one of await judgeFiles(files)) if (one.verdict.label === 'secret') records.push(await write(one));
  return [...new Map(records.map((record) => [record.id, record])).values()].sort((a, b) => lot(a.id) - lot(b.id));
}

const linesOf = (records: readonly FeedbackRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

async function curve(input: {
  folder: string;
  known: readonly MadeFile[];
  fresh: readonly MadeFile[];
  sizes: readonly number[];
  name: string;
}): Promise<Point[]> {
  const { folder, known, fresh, sizes, name } = input;
  const drawn = await decisionsOn(known);
  const before = await judgeFiles(fresh);
  const points = [pointOf(0, before, before, 'as shipped')];
  for (const size of sizes) {
    const [file, model] = [join(folder, `${name}-${size}.jsonl`), `${name}-${size}`];
    writeFileSync(file, linesOf(drawn.slice(0, size)));
    const learned = await learn({ files: [file], cwd: folder, modelsDir: folder, name: model, quiet: true }).catch(
      (error: Error) => error.message,
    );
    const taken = typeof learned === 'object' && learned.taken;
    const after = taken ? await judgeFiles(fresh, join(folder, model)) : before;
    points.push({ ...pointOf(size, before, after, typeof learned === 'string' ? learned : saidOf(learned)), taken });
  }
  return points;
}

/** The language model fitted as well: what it changes, and what is then raised in the new repositories of one team. Needs Python. */
export async function measureAdapter(folder: string): Promise<string[]> {
  const team = TEAMS[0]!;
  const head = `== ${team.name}, the language model fitted as well (--adapter): 200 decisions, all with their prompts`;
  if (!process.env.SSS_TRAIN_PYTHON) return [head, 'not measured: SSS_TRAIN_PYTHON is not set', ''];
  const made = (i: number) => madeRepository({ team, seed: `measured ${i}` });
  const known = Array.from({ length: KNOWN }, (_, i) => made(i)).flat();
  const fresh = Array.from({ length: FRESH }, (_, i) => made(KNOWN + i)).flat();
  const file = join(folder, 'prompted.jsonl');
  const drawn = await decisionsOn(known, { keepPrompts: true });
  writeFileSync(file, linesOf(drawn.slice(0, 200)));
  const options = { artifactRoot: join(folder, 'runs'), python: process.env.SSS_TRAIN_PYTHON };
  const workers = adapterWorkers({ options, cwd: folder, signal: new AbortController().signal });
  const before = await judgeFiles(fresh);
  const points = [pointOf(0, before, before, 'as shipped')];
  const said: string[] = [];
  for (const adapter of [undefined, workers]) {
    const name = adapter ? 'with-adapter' : 'trees';
    const learned = await learn({ files: [file], cwd: folder, modelsDir: folder, name, quiet: true, adapter });
    const after = learned.taken ? await judgeFiles(fresh, join(folder, name)) : before;
    const verdict = learned.adapter?.taken ? 'the adapter is taken' : 'the adapter is not taken';
    points.push(pointOf(200, before, after, adapter ? verdict : 'the trees alone'));
    if (learned.adapter) said.push(adapterText(learned.adapter.figures), learned.adapter.reasons.join('; '));
  }
  return [head, ...table(points), '', ...said, ''];
}

/** Whether it was taken, and how the replay sample does. */
function saidOf({ taken, reasons, guard: { before, after } }: Learned): string {
  const replay = `replay: ${before.found} → ${after.found} of ${before.secrets} secrets, ${before.alarms} → ${after.alarms} false alarms`;
  return taken ? `taken; ${replay}` : `not taken: ${reasons.join('; ')}; ${replay}`;
}

function pointOf(decisions: number, before: readonly Judged[], after: readonly Judged[], said: string): Point {
  const isRaised = ({ verdict }: Judged) => verdict.label === 'secret';
  const secrets = after.filter(({ isSecret }) => isSecret);
  return {
    decisions,
    taken: false,
    found: secrets.filter(isRaised).length,
    secrets: secrets.length,
    lost: after.filter((one, i) => one.isSecret && !isRaised(one) && isRaised(before[i]!)).length,
    alarms: after.filter((one) => !one.isSecret && isRaised(one)).length,
    said,
  };
}

function table(points: readonly Point[]): string[] {
  const first = points[0]!;
  return [
    'decisions  secrets found  lost  false alarms     gone  learning said',
    ...points.map(({ decisions, found, secrets, lost, alarms, said }) => {
      const gone = first.alarms === 0 ? 0 : Math.round((100 * (first.alarms - alarms)) / first.alarms);
      const cells = [String(decisions).padStart(9), `${found}/${secrets}`.padStart(13), String(lost).padStart(4)];
      return [...cells, String(alarms).padStart(12), `${gone} %`.padStart(7), said].join('  ');
    }),
  ];
}
