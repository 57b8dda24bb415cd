import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCandidates } from '../src/candidates/index.ts';
import { createJudge } from '../src/classify/index.ts';
import { fillExample } from '../src/rules/examples.ts';
import { loadRules } from '../src/rules/rule-set.ts';

const root = join(import.meta.dirname, '..', 'fixtures');
const rules = loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });
// With the model that ships: these are the verdicts that users get.
const judge = createJudge({ preset: 'balanced', device: 'cpu' });

/** What is found in the filled-in files of a case: `file:line rule`, and nothing of the values. */
async function found(folder: string): Promise<string[]> {
  const candidates = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
    .flatMap((name) => {
      const text = fillExample(readFileSync(join(folder, name), 'utf8'));
      const origin = { kind: 'file' } as const;
      const chunk = {
        origin,
        path: name,
        logicalPath: name,
        text,
        bytes: text.length,
        encoding: 'utf-8',
        firstLine: 1,
      } as const;
      return findCandidates(chunk, rules);
    });
  const verdicts = await judge.judge(candidates);
  return candidates
    .filter((_, i) => verdicts[i]!.label === 'secret')
    .map(({ chunk, line, rules }) => `${chunk.path}:${line} ${rules[0]!.id}`);
}

describe('fixtures/ok: nothing is found', () => {
  it.each(readdirSync(join(root, 'ok')))('%s', async (name) => {
    expect(await found(join(root, 'ok', name))).toEqual([]);
  });
});

describe('fixtures/ng: found, as it was before', () => {
  it.each(readdirSync(join(root, 'ng')))('%s', async (name) => {
    expect(await found(join(root, 'ng', name))).toMatchSnapshot();
  });
});
