import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { featuresHash } from '../../src/classify/card.ts';
import { gateOf } from '../../src/classify/open-model.ts';
import { print, printable } from '../../src/cli/stdio.ts';
import { readFeedback } from '../../src/feedback/read.ts';
import type { FeedbackRecord } from '../../src/types.ts';
import { UserError } from '../../src/util/errors.ts';
import { formatCount } from '../../src/util/format.ts';
import { localStore } from '../../src/util/local-store.ts';
import { learnAdapter } from './adapter.ts';
import { promptedDecisions } from './adapter-data.ts';
import { type AdapterFigures, decideAdapter } from './adapter-decide.ts';
import type { Adapted, RunWorker } from './adapter-fit.ts';
import { type Base, isOfBase, openBase } from './base.ts';
import { decide } from './decide.ts';
import { groupsOf, type Usable, usableDecisions } from './decisions.ts';
import { type Fitted, fitTeam, isGuard } from './fit.ts';
import { decisionRow, f1, replayRow, type Standing } from './rows.ts';
import { writeTeam } from './write-team.ts';

/** Fewer decisions say more about chance than about a team. */
export const FEWEST = 30;
/** Fewest of either kind: without any secret nothing shows what would be lost, without any other there is nothing to learn. */
export const FEWEST_OF_KIND = 5;

/** What `sss train --feedback` was told. */
export interface LearnOptions {
  /** Files of decisions; none: that of the clone. */
  files: readonly string[];
  cwd: string;
  name?: string | undefined;
  modelsDir?: string | undefined;
  /** Model folder to learn on top of; absent: the shipped one. */
  model?: string | undefined;
  dryRun?: boolean | undefined;
  /** Fit the language model, too, with these workers. */
  adapter?: RunWorker | undefined;
  /** Print nothing. */
  quiet?: boolean;
}

/** What came of it. */
export interface Learned extends Pick<Fitted, 'held' | 'guard'> {
  /** Whether there is a new model. */
  taken: boolean;
  /** Why (not). */
  reasons: readonly string[];
  /** Where one was wanted and the trees are good. */
  adapter?: { taken: boolean; reasons: readonly string[]; figures: AdapterFigures };
}

/**
 * Learns from a team's decisions: trees on top of what the model says, kept only if they are better on decisions that they have
 * not seen and no worse on a sample of what the model was trained on.
 * @throws UserError when there is too little to learn from, or something cannot be read or written
 */
export async function learn(options: LearnOptions): Promise<Learned> {
  const { cwd, name = 'team', dryRun = false, quiet = false } = options;
  const tell = async (text: string) => (quiet ? undefined : print(printable(text)));
  const target = join(modelsFolder(options), checkedName(name));
  const base = await openBase(options.model === undefined ? undefined : resolve(cwd, options.model));
  const records = await readAll(options);
  const usable = usableDecisions(records, {
    isOfModel: (version) => isOfBase(version, base.card),
    featuresHash: featuresHash(),
  });
  await tell(`${foundText(records.length, usable)}\n`);
  checkEnough(usable.records);
  if (options.adapter) promptedDecisions(usable.records);
  const groups = groupsOf(usable.records);
  const rowsOf = (wanted: boolean) =>
    base.replay.filter(({ group }) => isGuard(group) === wanted).map((row) => replayRow(base.card, row));
  const fitted = fitTeam({
    decisions: usable.records.map((record, i) => decisionRow(base.card, record, groups[i]!)),
    replay: rowsOf(false),
    guard: rowsOf(true),
  });
  const { held, guard, inTheWay } = fitted;
  const { promote, reasons } = decide(fitted);
  await tell(`\n${figuresText(fitted)}\n${inTheWay.length > 0 ? inTheWayText(inTheWay, usable.records) : ''}`);
  const result = { taken: false, reasons, held, guard };
  if (!promote) {
    const stays = existsSync(target) ? `the model in ${target} stays as it is\n` : '';
    await tell(`not taken: ${reasons.join('; ')}\n${stays}`);
    return result;
  }
  const adapter = await triedAdapter({ options, base, records: usable.records, fitted, tell });
  const more = adapter ? { adapter: { taken: adapter.promote, ...adapter } } : {};
  if (dryRun) {
    await tell(`would be written to ${target}: ${reasons.join('; ')}\n`);
    return { ...result, ...more };
  }
  const { scores } = await gateOf(base.folder);
  const names = scores.map(({ fields }) => (fields.length === 1 ? fields[0]! : 'all'));
  const figures = figuresOf(fitted, usable);
  const card = await writeTeam({
    ...{ dir: target, name, base, fitted, scores: names },
    ...(adapter?.promote
      ? { adapted: adapter.adapted, figures: { ...figures, adapter: adapter.figures } }
      : { figures }),
  });
  const called = options.modelsDir === undefined ? name : target;
  await tell(`${reasons.join('; ')}\n${card.version} is in ${target}\n`);
  await tell(`see what changes here: sss model diff ${called}\nuse it: sss model use ${called}\n`);
  return { ...result, ...more, taken: true };
}

/** The language model fitted to the decisions with prompts, and whether it is to be taken. Undefined: it was not asked for. */
async function triedAdapter(input: {
  options: LearnOptions;
  base: Base;
  records: readonly FeedbackRecord[];
  fitted: Fitted;
  tell: (text: string) => Promise<void>;
}): Promise<{ adapted: Adapted; figures: AdapterFigures; promote: boolean; reasons: string[] } | undefined> {
  const { options, base, records, fitted, tell } = input;
  if (!options.adapter) return undefined;
  const { adapted, figures } = await learnAdapter({ base, records, fitted, runWorker: options.adapter });
  const { promote, reasons } = decideAdapter(figures);
  const verdict = promote ? '' : 'not taken, the trees alone are: ';
  await tell(`${adapterText(figures)}\nadapter: ${verdict}${reasons.join('; ')}\n\n`);
  return { adapted, figures, promote, reasons };
}

async function readAll({ files, cwd }: LearnOptions): Promise<FeedbackRecord[]> {
  const store = localStore(cwd);
  if (files.length === 0 && store === undefined)
    throw new UserError('there is no repository here, and no file of decisions was named', {
      hint: 'name the file: sss train --feedback FILE',
    });
  const paths = files.length > 0 ? files.map((file) => resolve(cwd, file)) : [join(store!, 'feedback.jsonl')];
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined)
    throw new UserError(`there is no file ${missing}`, {
      hint: 'decisions are made with `sss triage`, which keeps them in .git/smart-secrets-scanner/feedback.jsonl',
    });
  const standing = new Map<string, FeedbackRecord>();
  // Clones of one repository know the same findings: the latest decision on each counts.
  for (const path of paths) {
    for (const record of await readFeedback(path)) {
      const before = standing.get(record.id);
      if (!before || before.at <= record.at) standing.set(record.id, record);
    }
  }
  return [...standing.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function modelsFolder({ cwd, modelsDir }: LearnOptions): string {
  if (modelsDir !== undefined) return resolve(cwd, modelsDir);
  const store = localStore(cwd);
  if (store !== undefined) return join(store, 'models');
  throw new UserError('there is no repository here to keep the model in', { hint: 'name a folder: --models-dir DIR' });
}

function checkedName(name: string): string {
  if (/^[A-Za-z0-9][\w.-]{0,63}$/.test(name) && name !== 'shipped') return name;
  throw new UserError(`a model cannot be called ${JSON.stringify(name)}`, {
    hint: 'use letters, digits, dot, dash and underscore; `shipped` is the one that came with the scanner',
  });
}

function checkEnough(records: readonly FeedbackRecord[]): void {
  const { secrets, others } = countsOf(records);
  if (records.length < FEWEST)
    throw new UserError(`${records.length} decisions are too few to learn from`, {
      hint: `it takes ${FEWEST}, and some hundreds are better: go through more findings with \`sss triage\``,
    });
  if (others < FEWEST_OF_KIND)
    throw new UserError(
      `${others} of ${records.length} decisions say that something is no secret: there is nothing to learn`,
      {
        hint: `it takes ${FEWEST_OF_KIND} of each kind`,
      },
    );
  if (secrets < FEWEST_OF_KIND)
    throw new UserError(
      `${secrets} of ${records.length} decisions confirm a secret: nothing would show whether secrets are lost`,
      {
        hint: `it takes ${FEWEST_OF_KIND} of each kind; a scan with --history finds secrets that were removed since`,
      },
    );
}

function countsOf(records: readonly FeedbackRecord[]): { secrets: number; others: number } {
  const secrets = records.filter(({ label }) => label === 'secret').length;
  return { secrets, others: records.length - secrets };
}

function foundText(all: number, { records, left }: Usable): string {
  const { secrets, others } = countsOf(records);
  return [
    `${all} decisions; learned from: ${records.length} (${secrets} secrets, ${others} others)`,
    ...left.map(({ count, reason }) => `left out: ${count} ${reason}`),
  ].join('\n');
}

const MOST_NAMED = 10;

/** The decisions that keep others from being followed: mistakes, or secrets that look like what is harmless here. */
function inTheWayText(ids: readonly string[], records: readonly FeedbackRecord[]): string {
  const rules = new Map(records.map(({ id, ruleId }) => [id, ruleId]));
  const named = ids.slice(0, MOST_NAMED).map((id) => `  ${id}  ${rules.get(id)}`);
  const more = ids.length > MOST_NAMED ? [`  and ${ids.length - MOST_NAMED} more`] : [];
  const what = formatCount(ids.length, 'confirmed secret that looks', 'confirmed secrets that look');
  const head = `in the way: ${what} like what was marked as harmless; is that right? (fingerprints)`;
  return printable(`${[head, ...named, ...more].join('\n')}\n\n`);
}

/** Both tables, before and after. */
function figuresText({ held, guard }: Pick<Fitted, 'held' | 'guard'>): string {
  return tableText([
    ['held decisions', held],
    ['replay sample', guard],
  ]);
}

/** What the adapter changes, beside the trees. */
export function adapterText({ held, generated, answers }: AdapterFigures): string {
  return tableText([
    ['held prompts', held],
    ['generated', generated],
    ['its own answers', answers],
  ]);
}

function tableText(rows: readonly (readonly [what: string, of: { before: Standing; after: Standing }])[]): string {
  const row = (what: string, before: Standing, after: Standing) =>
    [
      what.padEnd(15),
      `${before.found} → ${after.found} of ${before.secrets}`.padEnd(20),
      `${before.alarms} → ${after.alarms} of ${before.others}`.padEnd(20),
      `${f1(before).toFixed(4)} → ${f1(after).toFixed(4)}`,
    ].join('  ');
  const head = [' '.repeat(15), 'secrets found'.padEnd(20), 'false alarms'.padEnd(20), 'F1'].join('  ');
  return [head, ...rows.map(([what, { before, after }]) => row(what, before, after)), ''].join('\n');
}

function figuresOf({ held, guard, scale, forest }: Fitted, usable: Usable): Record<string, unknown> {
  const rounded = ({ loss, ...counts }: Standing) => ({ ...counts, loss: Number(loss.toFixed(4)) });
  return {
    decisions: { ...countsOf(usable.records), left: usable.left },
    held: { before: rounded(held.before), after: rounded(held.after) },
    replay: { before: rounded(guard.before), after: rounded(guard.after) },
    trees: forest.roots.length,
    scale,
  };
}
