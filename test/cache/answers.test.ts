import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openAnswers } from '../../src/cache/answers.ts';
import { prune } from '../../src/cache/prune.ts';
import { type LlmOptions, openLlm } from '../../src/llm/index.ts';
import type { Opinion } from '../../src/types.ts';
import { chatAnswer, fakeOllama } from '../llm/fake-ollama.ts';

const top = mkdtempSync(join(tmpdir(), 'sss-answers-'));
afterAll(() => rmSync(top, { recursive: true }));
let made = 0;
const folderOf = () => join(top, `${made++}`);

const HARMLESS: Opinion = { label: 'harmless', probabilities: { secret: 0.25, placeholder: 0.25, harmless: 0.5 } };
const key = (n: number) => Buffer.alloc(32, n);
const DAY = 86_400_000;

function kept(folder: string, ...keys: number[]): void {
  const store = openAnswers({ folder });
  for (const n of keys) store.answers!.add(key(n), HARMLESS);
  store.save();
  expect(store.notes()).toEqual([]);
}

describe('answers that are kept', () => {
  it('are there in the next run, and those of runs at the same time as well', () => {
    const folder = folderOf();
    const [one, two] = [openAnswers({ folder }), openAnswers({ folder })];
    one.answers!.add(key(1), HARMLESS);
    two.answers!.add(key(2), HARMLESS);
    one.save();
    two.save();
    const { answers } = openAnswers({ folder });
    expect([1, 2, 3].map((n) => answers!.find(key(n)))).toEqual([HARMLESS, HARMLESS, undefined]);
  });

  it('are forgotten when nobody asks for them any more', () => {
    const folder = folderOf();
    kept(folder, 1, 2);
    const later = openAnswers({ folder, now: () => Date.now() + 20 * DAY });
    expect(later.answers!.find(key(1))).toEqual(HARMLESS);
    later.save();
    const last = openAnswers({ folder, now: () => Date.now() + 40 * DAY });
    last.answers!.add(key(3), HARMLESS);
    last.save();
    const { answers } = openAnswers({ folder });
    expect([1, 2, 3].map((n) => answers!.find(key(n)) !== undefined)).toEqual([true, false, true]);
  });

  it('outlive the tidying up of scans', () => {
    const folder = folderOf();
    kept(folder, 1);
    prune(folder);
    expect(openAnswers({ folder }).answers!.find(key(1))).toEqual(HARMLESS);
  });

  it('are for nobody else to read', () => {
    const folder = folderOf();
    kept(folder, 1);
    const [file] = readdirSync(folder);
    expect(statSync(join(folder, file!)).mode & 0o077).toBe(0);
  });

  it.each([
    ['cut short', (file: string) => truncateSync(file, 130)],
    ['changed', (file: string) => writeFileSync(file, readFileSync(file).fill(0xff, 130))],
    ['of another program', (file: string) => writeFileSync(file, 'hello')],
  ])('are of no use in a file that is %s', (_, spoil) => {
    const folder = folderOf();
    kept(folder, 1);
    spoil(join(folder, readdirSync(folder)[0]!));
    expect(openAnswers({ folder }).answers!.find(key(1))).toBeUndefined();
    kept(folder, 1);
    expect(openAnswers({ folder }).answers!.find(key(1))).toEqual(HARMLESS);
  });

  it('cannot be, where there is no place for them: that is told', () => {
    const file = join(top, 'file');
    writeFileSync(file, '');
    const nowhere = openAnswers({ folder: join(file, 'cache') });
    expect(nowhere.answers).toBeUndefined();
    expect(nowhere.notes()).toEqual([
      expect.stringMatching(/^the answers of the judge cannot be kept in .*\(ENOTDIR\)/),
    ]);
  });

  it('are lost with a folder that is taken away meanwhile, and nothing else is', () => {
    const folder = folderOf();
    const store = openAnswers({ folder });
    store.answers!.add(key(1), HARMLESS);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    store.save();
    expect(store.notes()).toEqual([expect.stringContaining('cannot be kept')]);
  });

  it('are not read where others could have written them', () => {
    const folder = folderOf();
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(openAnswers({ folder }).notes()).toEqual([expect.stringContaining('others may write to it')]);
  });
});

describe('a model that is asked again', () => {
  const VALUE = 'correct horse battery';
  const prompt = `path: a.py (code)\nvalue: ${VALUE}\nverdict:`;

  async function asking(folder: string, more: Partial<LlmOptions> = {}) {
    const server = await fakeOllama({ answer: () => chatAnswer('{"verdict":"harmless","reason":"words"}') });
    const store = openAnswers({ folder });
    const llm = await openLlm({ spec: 'ollama:big', url: server.url, answers: store.answers, ...more });
    const question = { prompt, temperature: 0, seed: 1 };
    const opinions = [await llm.ask(question), await llm.ask({ ...question, seed: 2 })];
    const others = [
      await llm.ask({ ...question, guidance: ['be kind'] }),
      await llm.ask({ ...question, prompt: `x${prompt}` }),
    ];
    await llm.close();
    store.save();
    return { opinions: [...opinions, ...others], asked: server.asked().length };
  }

  it('answers the same questions from what was kept, and others not', async () => {
    const folder = folderOf();
    const first = await asking(folder);
    expect(first.asked).toBe(4);
    const second = await asking(folder);
    expect(second).toEqual({ ...first, asked: 0 });
    const [file] = readdirSync(folder);
    const text = readFileSync(join(folder, file!)).toString('latin1');
    for (const word of [VALUE, 'a.py', 'words', 'big', 'verdict']) expect(text).not.toContain(word);
  });

  it('is asked anew for reasons, as none are kept', async () => {
    const folder = folderOf();
    await asking(folder);
    const { opinions, asked } = await asking(folder, { withReason: true });
    expect([asked, opinions[0]!.reason]).toEqual([4, 'words']);
  });
});
