import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Judge, settle } from '../classify/index.ts';
import { features } from '../features/index.ts';
import { fillExample } from '../rules/examples.ts';
import type { Config, Llm, Opinion, TextChunk } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { writeFileWhole } from '../util/write-whole.ts';
import { checkOpinion, createAsker, promptsOf } from './ask.ts';
import { guidanceOf, parseGuidance, printGuidance } from './guidance.ts';
import { createLooker, type Look, seenOf } from './look.ts';
import { renderMarkdown } from './markdown.ts';
import { reflect } from './reflect.ts';
import { choose, type TicketCase, verdictOf } from './select.ts';
import { readGuidance } from './stage-b.ts';
import { openAppender, readLines } from './state-file.ts';
import { parseTickets } from './tickets.ts';
import type { Rollout, Seen, Vote } from './types.ts';

/** What came of one part that was tried. */
export interface SmokeCheck {
  what: string;
  ok: boolean;
  detail: string;
}

/**
 * Runs every part of a review on a text of its own, without a model: what the configuration and the guidance of the repository
 * say is read, everything else is made up.
 */
export async function smoke(input: {
  loadConfig: () => Promise<Config>;
  guidanceFile: (config: Config) => string;
}): Promise<SmokeCheck[]> {
  const checks: SmokeCheck[] = [];
  const check = async (what: string, work: () => string | Promise<string>) => {
    try {
      checks.push({ what, ok: true, detail: await work() });
    } catch (error) {
      const isKnown = error instanceof UserError || error instanceof Unexpected;
      checks.push({ what, ok: false, detail: isKnown ? error.message : `it failed: ${(error as Error).name}` });
    }
  };
  let config: Config | undefined;
  await check('config', async () => {
    config = await input.loadConfig();
    return config.files.length === 0 ? 'none: the defaults hold' : `read from ${config.files.join(', ')}`;
  });
  if (!config) return checks;
  const known = config;
  await check('ingest', checkTickets);
  await check('guidance', () => checkGuidance(input.guidanceFile(known)));
  const look = await lookAtSample(known);
  await check('prompt', () => checkPrompts(look));
  await check('parse', () => checkAnswers(look));
  await check('selection', () => checkSelection(look));
  await check('reflection', () => checkReflection(look));
  await check('export', () => checkExport(look));
  return checks;
}

/** Something came out otherwise than it must. */
class Unexpected extends Error {}

function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Unexpected(what);
}

function refuses(work: () => unknown, what: RegExp, shown: string): void {
  try {
    work();
  } catch (error) {
    must(error instanceof Error && what.test(error.message), `${shown} is refused for another reason`);
    return;
  }
  throw new Unexpected(`${shown} is not refused`);
}

function checkTickets(): string {
  const good = '{"id": "a", "kind": "commit", "ref": "HEAD"}\n';
  must(parseTickets(`${good}\n`, 'tickets').length === 1, 'a ticket is not read');
  refuses(() => parseTickets(`${good}{"id": "b"\n`, 'tickets'), /tickets:2/, 'a ticket that is cut short');
  refuses(() => parseTickets(good + good, 'tickets'), /tickets:2/, 'a ticket that is there twice');
  refuses(() => parseTickets(good.replace('commit', 'comit'), 'tickets'), /tickets:1/, 'a kind that there is not');
  return 'tickets are read, and wrong ones refused by their line';
}

function checkGuidance(file: string): string {
  const lines = readGuidance(file);
  must(
    printGuidance(parseGuidance(printGuidance(lines), file)) === printGuidance(lines),
    'lines change when read again',
  );
  refuses(() => parseGuidance('{"treat": "harmless"}', 'guidance'), /guidance:1/, 'a line about everything');
  const { version, lines: active } = guidanceOf(lines);
  return lines.length === 0 ? 'none yet' : `${active.length} of ${lines.length} lines hold, version ${version}`;
}

const KEY = () => fillExample('ghp_{{alnum:30}}{{crc62}}');
const PASSWORD = () => fillExample('{{alnum:10}}#{{alnum:5}}!{{alnum:8}}');

/** Two lines with secrets that are made now, judged by what needs no model. */
async function lookAtSample(config: Config): Promise<Look> {
  const text = `GITHUB_TOKEN = "${KEY()}"\ndb_password = "${PASSWORD()}"\n`;
  const place = { origin: { kind: 'file' as const }, path: 'conf/app.py', logicalPath: 'conf/app.py' };
  const chunk: TextChunk = { ...place, text, bytes: text.length, encoding: 'utf-8', firstLine: 1 };
  const judge: Judge = {
    judge: async (candidates) =>
      candidates.map((candidate) => {
        const settled = settle({ candidate, features: features(candidate), preset: config.preset });
        return settled ?? { label: 'secret', probability: 0.6, decidedBy: 'gate', reason: 'no model was asked' };
      }),
    notes: () => [],
    device: () => undefined,
  };
  const rules = { useBuiltinRules: true, disabledRules: [], customRules: [], allow: [] };
  return createLooker({ ...config, ...rules }, judge)(chunk);
}

function checkPrompts({ judged }: Look): string {
  must(judged.length === 2, `of two candidates ${judged.length} are found`);
  const prompts = judged.flatMap(({ candidate, verdict }) => promptsOf(candidate, verdict, ['a line of guidance']));
  for (const { text } of prompts) must(text.endsWith('verdict:'), 'a prompt does not end with its question');
  return `${prompts.length} prompts for ${judged.length} candidates`;
}

async function checkAnswers({ judged }: Look): Promise<string> {
  const { candidate, verdict } = judged[1]!;
  const opinion: Opinion = { label: 'harmless', probabilities: { secret: 0.2, placeholder: 0.1, harmless: 0.7 } };
  must(checkOpinion(opinion) === opinion, 'an answer is not taken');
  const chance = { seed: 1, samples: 2, temperature: 0.5 };
  const ask = (answer: Opinion) =>
    createAsker(fake(answer), chance).ask({ candidate, verdict, guidance: [], others: [] });
  const good = await ask({ ...opinion, reason: `it says ${candidate.value}` });
  must(good.votes.length === 6 && good.failures.length === 0, 'answers are lost');
  must(!JSON.stringify(good).includes(candidate.value), 'a reason holds a value');
  const nonsense = await ask({ label: 'maybe' } as unknown as Opinion);
  must(nonsense.votes.length === 0 && nonsense.failures.length > 0, 'nonsense is taken for an answer');
  return 'answers are read, and nonsense counts for nothing';
}

function fake(answer: Opinion): Llm {
  const rest = { name: 'smoke', digest: '00', isOurs: false };
  return { ...rest, ask: async () => answer, close: async () => {} };
}

function rolloutOf(look: Look, which: number, votes: readonly Vote[]): Rollout {
  const seen = seenOf(look.judged[which]!, { ...look, passes: new Map() });
  return { ticket: 'smoke', key: `smoke ${which}`, seen, votes };
}

const vote = (label: Vote['label'], probability: number): Vote => ({
  by: 'scanner',
  prompt: 'whole',
  label,
  probability,
});

function checkSelection(look: Look): string {
  const isSecret = (which: number, votes: readonly Vote[]) =>
    choose({ rollout: rolloutOf(look, which, votes), line: undefined, isOurs: false }).isSecret;
  const [yes, no] = [vote('secret', 0.8), vote('harmless', 0.2)];
  must(isSecret(1, [yes, yes, no]), 'a majority is not heard');
  must(!isSecret(1, [yes, no, no]), 'a majority is not heard');
  must(isSecret(1, [yes, no]), 'a tie does not fail');
  must(isSecret(0, [no, no]), 'a key with a checksum is voted away');
  return 'majorities hold, ties fail, checksums stand';
}

function checkReflection(look: Look): string {
  const caseOf = (id: string, change: Partial<Seen>, label: 'pass' | 'fail'): TicketCase => {
    const rollout = rolloutOf(look, 1, [vote('secret', 0.8)]);
    const own = { ...rollout, ticket: id, seen: { ...rollout.seen, fingerprint: id, ...change } };
    const end = { ticket: id, key: id, texts: 1, found: 1, voted: [own.key], skipped: [], changesGuidance: false };
    return { ticket: { id, kind: 'file', ref: id, resolved: id, label }, rollouts: [own], end };
  };
  const inDocs = { logicalPath: 'manual/app.py', path: 'manual/app.py' };
  const cases = [caseOf('a', inDocs, 'pass'), caseOf('b', inDocs, 'pass'), caseOf('c', {}, 'fail')];
  const { lines, reflections, wrongBefore, wrongAfter } = reflect({ cases, lines: [], isOurs: false });
  must(wrongBefore.length === 2 && wrongAfter.length === 0, 'what labelled tickets say is not learned');
  must(
    reflections.some(({ decision }) => decision === 'refused'),
    'no line is refused',
  );
  return `${lines.length} of ${reflections.length} proposed lines kept, the others refused`;
}

async function checkExport(look: Look): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sss-smoke-'));
  try {
    const rollouts = [0, 1].map((which) => rolloutOf(look, which, [vote('secret', 0.8)]));
    const end = { ticket: 'smoke', key: 'smoke', texts: 1, found: 2, voted: [], skipped: [], changesGuidance: false };
    const ticket = { id: 'smoke', kind: 'file', ref: 'conf/app.py', resolved: 'conf/app.py' } as const;
    const verdict = verdictOf({ ticket, rollouts, end }, guidanceOf([]), false);
    must(verdict.verdict === 'fail' && verdict.failing.length === 2, 'two secrets do not make a ticket fail');
    const lines = join(folder, 'lines.jsonl');
    await writeFile(lines, '{"id": 1}\n{"id"');
    const out = openAppender(lines);
    out.append(verdict);
    out.close();
    must(readLines(lines, (value) => value, '').length === 2, 'a half line does damage');
    const texts = { verdicts: [verdict], reflected: undefined, guidance: [], notes: [], by: 'smoke' };
    await writeFileWhole(join(folder, 'report.md'), renderMarkdown(texts));
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'utf8');
      must(![KEY(), PASSWORD()].some((value) => text.includes(value)), `${name} holds a value`);
    }
    return 'verdicts and report are written, without a value in them';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
