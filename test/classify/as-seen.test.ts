import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCandidates } from '../../src/candidates/index.ts';
import { asSeen } from '../../src/classify/as-seen.ts';
import { renderPrompt } from '../../src/classify/prompt.ts';
import { settle } from '../../src/classify/settle.ts';
import { features } from '../../src/features/index.ts';
import { ngramIds } from '../../src/features/ngrams.ts';
import { featureVector } from '../../src/features/vector.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { loadRules } from '../../src/rules/rule-set.ts';
import type { Candidate } from '../../src/types.ts';
import { candidateOf, chunkOf } from '../report/sample.ts';

const root = join(import.meta.dirname, '..', '..');
const rules = loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });

/** Texts of many kinds, one behind the other: what is far away is another file. */
function texts(folder: string): Candidate[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, folder, name)).isFile())
    .sort();
  const read = (name: string) => readFileSync(join(root, folder, name), 'utf8');
  const all = files.map((name) => (folder === 'fixtures/ng' ? fillExample(read(name)) : read(name))).join('\n');
  return findCandidates(chunkOf(all, { path: `${folder}/all.ts` }), rules);
}

function answers(candidate: Candidate) {
  const f = features(candidate);
  return {
    settled: settle({ candidate, features: f, preset: 'wide' }),
    vector: featureVector({ candidate, features: f }),
    ngrams: ngramIds(candidate),
    prompt: renderPrompt(candidate, f),
  };
}

const keyOf = (text: string, change: Partial<Candidate> = {}, path = 'src/app.ts') =>
  asSeen({ ...candidateOf({ chunk: chunkOf(text, { path }), value: 'sunflower', name: 'key' }), ...change }).key;

describe('a candidate as it is seen', () => {
  it.each(['fixtures/ng', 'docs', 'src/classify', 'test/decoders'])(
    'gives every classifier the same in %s',
    (folder) => {
      const all = texts(folder);
      expect(all.length).toBeGreaterThan(10);
      for (const one of all) expect(answers(asSeen(one).candidate)).toEqual(answers(one));
    },
  );

  it('is the same wherever it stands in a text', () => {
    const line = 'key = "sunflower"\n';
    const filler = 'nothing of interest\n'.repeat(100);
    expect(keyOf(`${filler}${line}${filler}`)).toBe(keyOf(`${filler}${filler}${line}${filler}`));
  });

  it('is another one when anything that may decide is another', () => {
    const line = 'key = "sunflower"\n';
    const keys = [
      keyOf(line),
      keyOf(`\n${line}`),
      keyOf(`${line}\n`),
      keyOf(line, {}, 'test/app.ts'),
      keyOf(line, { name: 'keys' }),
      keyOf(line, { value: 'sunflowe' }),
      keyOf(line, { match: 'key = "sunflower"' }),
      keyOf(line, { syntax: 'call' }),
      keyOf(line, { rules: [] }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
