import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModelFolder } from '../../../src/classify/model-folder.ts';
import { gateOf } from '../../../src/classify/open-model.ts';
import { withGate } from '../../../src/classify/prompt.ts';
import { inBand } from '../../../src/classify/stack.ts';
import type { FeedbackRecord } from '../../../src/types.ts';
import { UserError } from '../../../src/util/errors.ts';
import { decisionRows, generatedPrompts, promptedDecisions } from '../../../training/learning/adapter-data.ts';
import { type AdapterFigures, decideAdapter } from '../../../training/learning/adapter-decide.ts';
import { type Adapted, listed } from '../../../training/learning/adapter-fit.ts';
import { openBase } from '../../../training/learning/base.ts';
import { usableDecisions } from '../../../training/learning/decisions.ts';
import { fitTeam, isGuard } from '../../../training/learning/fit.ts';
import { learn } from '../../../training/learning/learn.ts';
import { decisionRow, replayRow, type Standing } from '../../../training/learning/rows.ts';
import { writeTeam } from '../../../training/learning/write-team.ts';
import { decisionMaker, judgeFiles } from '../../learning/decisions.ts';
import { madeRepository, TEAMS } from '../../learning/team.ts';
import { temporary } from '../temporary.ts';

/** Decisions with prompts, on what was found in a repository of a team. */
let prompted: FeedbackRecord[];

beforeAll(async () => {
  const write = await decisionMaker({ keepPrompts: true });
  prompted = [];
  for (const one of await judgeFiles(madeRepository({ team: TEAMS[0]!, seed: 'prompted' })))
    if (one.verdict.label === 'secret') prompted.push(await write(one));
}, 60_000);

const withoutPrompt = ({ prompt: _, ...record }: FeedbackRecord): FeedbackRecord => record;

describe('what an adapter is fitted on', { timeout: 60_000 }, () => {
  it('is decisions with a prompt of this version, without what the gate says, which comes back in the same words', () => {
    const records = prompted.map((record, i) => (i % 2 ? { ...record, promptVersion: 1 } : record));
    const several = [...records, ...records, ...prompted.map(withoutPrompt)];
    const found = promptedDecisions(several);
    expect(found.map(({ at }) => several[at]!.prompt !== undefined)).not.toContain(false);
    expect(found).toHaveLength(2 * Math.ceil(prompted.length / 2));
    for (const [i, row] of decisionRows(found).entries()) {
      expect(row.prompt).not.toContain('gate: ');
      expect(withGate(row.prompt, row.probability)).toBe(found[i]!.prompt);
    }
  });

  it('is nothing, with what to do, where fewer than thirty prompts were kept', async () => {
    const records = prompted.map((record, i) => (i < 29 ? record : withoutPrompt(record)));
    expect(() => promptedDecisions(records)).toThrow(/^29 of \d+ decisions have a prompt: too few/);
    const file = join(temporary(), 'feedback.jsonl');
    writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const adapter = () => Promise.reject(new Error('no worker is to be run'));
    const tried = learn({ files: [file], cwd: temporary(), modelsDir: 'models', quiet: true, adapter });
    const error = (await tried.catch((thrown: unknown) => thrown)) as UserError;
    expect(error).toBeInstanceOf(UserError);
    expect(error.hint).toContain('--keep-prompts');
  });

  it('is generated prompts as well, of other templates than those that are measured on, the same every time', async () => {
    const folder = await openModelFolder();
    const gate = await gateOf(folder);
    const { fitted, measured } = generatedPrompts(gate, folder.card);
    expect(fitted.length).toBeGreaterThan(300);
    expect(measured.length).toBeGreaterThan(300);
    const templates = new Set(fitted.map(({ template }) => template));
    expect(measured.filter(({ template }) => templates.has(template))).toEqual([]);
    expect(measured.filter((one) => !inBand(one.gate, folder.card.band))).toEqual([]);
    expect(measured[0]!.prompt).toMatch(/gate: \d+ %\nverdict:$/);
    const masked = fitted.filter(({ prompt }) => prompt.includes('value: ********')).length;
    expect(masked / fitted.length).toBeGreaterThan(0.4);
    expect(masked / fitted.length).toBeLessThan(0.6);
    expect(generatedPrompts(gate, folder.card)).toEqual({ fitted, measured });
  });

  it('is not what a team’s own language model has said', () => {
    const own = prompted.map((record) => ({ ...record, model: 'base+team.0a1b2c3d+adapter.4e5f6071' }));
    const of = { isOfModel: () => true, featuresHash: prompted[0]!.featuresHash };
    expect(prompted.some(({ lm }) => lm)).toBe(true);
    expect(usableDecisions(own, of).records.some(({ lm }) => lm)).toBe(false);
    expect(usableDecisions(prompted, of).records.some(({ lm }) => lm)).toBe(true);
  });
});

describe('the trees', { timeout: 60_000 }, () => {
  it('say of each decision what those add that have not seen it', async () => {
    const { card, replay } = await openBase(undefined);
    const rowsOf = (wanted: boolean) =>
      replay.filter(({ group }) => isGuard(group) === wanted).map((row) => replayRow(card, row));
    const decisions = prompted.map((record) => decisionRow(card, record, record.id));
    const { parts, shifts, held } = fitTeam({ decisions, replay: rowsOf(false), guard: rowsOf(true) });
    expect(new Set(parts)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(shifts.known).toHaveLength(decisions.length);
    const alarms = decisions.filter(({ secret, start, limit }, i) => !secret && start + shifts.held[i]! >= limit);
    expect(alarms).toHaveLength(held.after.alarms);
  });
});

describe('decideAdapter', () => {
  const standing = (found: number, alarms: number): Standing => ({
    ...{ secrets: 100, found, others: 100, alarms, loss: alarms / 100 },
  });
  const same = { before: standing(90, 20), after: standing(90, 20) };
  const good: AdapterFigures = {
    fitted: { decisions: 100, generated: 1000 },
    held: { before: standing(90, 20), after: standing(90, 10) },
    ...{ lost: 0, generated: same, answers: same },
  };

  it('takes what is better on held decisions, and no worse on generated prompts', () => {
    const { promote, reasons } = decideAdapter(good);
    expect(promote).toBe(true);
    expect(reasons.join()).toContain('10 of 20 false alarms that the trees leave are gone');
    expect(decideAdapter({ ...good, held: { before: standing(90, 20), after: standing(92, 19) } }).promote).toBe(true);
  });

  it.each<[string, Partial<AdapterFigures>, string]>([
    ['nothing changes', { held: same }, 'no better on held decisions'],
    ['a secret is lost for it', { held: { ...good.held, after: standing(89, 5) } }, 'no better on held decisions'],
    [
      'it is less sure of what it gets right',
      { held: { ...good.held, after: { ...standing(90, 10), loss: 1 } } },
      'log loss',
    ],
    ['a confirmed secret is lost', { lost: 1 }, '1 confirmed secrets would not be found'],
    ['verdicts get worse', { generated: { ...same, after: standing(88, 20) } }, 'its verdicts on generated prompts'],
    ['it forgets what the stack hides', { answers: { ...same, after: standing(90, 40) } }, 'its answers on generated'],
  ])('refuses it when %s', (_, change, reason) => {
    const { promote, reasons } = decideAdapter({ ...good, ...change });
    expect(promote).toBe(false);
    expect(reasons.join()).toContain(reason);
  });
});

describe('a team’s folder with a language model of its own', { timeout: 60_000 }, () => {
  it('holds it beside the trees, under a version of its own, and nothing is learned on top of it', async () => {
    const base = await openBase(undefined);
    const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
    const files = new Map<string, Uint8Array>();
    for (const name of names) files.set(name, await base.folder.read(name));
    const adapted: Adapted = { files, languageModel: base.card.languageModel! };
    const fitted = fitTeam({ decisions: [], replay: [], guard: [] });
    const scores = (await gateOf(base.folder)).scores.map((_, i) => `score ${i}`);
    const dir = join(temporary(), 'team');
    const card = await writeTeam({ dir, name: 'team', base, fitted, adapted, scores, figures: {} });
    const network = listed(files)['onnx/model_quantized.onnx']!;
    expect(card.version).toMatch(new RegExp(`\\+team\\.[0-9a-f]{8}\\+adapter\\.${network.sha256.slice(0, 8)}$`));
    expect(readdirSync(dir, { recursive: true }).map(String)).toEqual(
      expect.arrayContaining(['card.json', 'team.json', 'tokenizer.json', join('onnx', 'model_quantized.onnx')]),
    );
    expect(existsSync(join(dir, 'gate.json'))).toBe(false);
    const opened = await openModelFolder({ dir });
    expect(Buffer.from(await opened.read(names[3]!)).equals(readFileSync(join(dir, names[3]!)))).toBe(true);
    await expect(openBase(dir)).rejects.toThrow('has an adapter of its own');
  });
});
