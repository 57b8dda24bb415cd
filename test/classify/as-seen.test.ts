import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCandidates } from '../../src/candidates/index.ts';
import { asSeen, hashAsSeen, hashAtFirstSight } from '../../src/classify/as-seen.ts';
import { renderPrompt } from '../../src/classify/prompt.ts';
import { settle } from '../../src/classify/settle.ts';
import { features } from '../../src/features/index.ts';
import { ngramIds } from '../../src/features/ngrams.ts';
import { OWN_COLUMNS } from '../../src/features/own-columns.ts';
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

const made = (text: string, change: Partial<Candidate> = {}, path = 'src/app.ts'): Candidate => ({
  ...candidateOf({ chunk: chunkOf(text, { path }), value: 'sunflower', name: 'key' }),
  ...change,
});
const hashOf = (...given: Parameters<typeof made>) => ({ ...hashAsSeen(made(...given)) });

describe('a candidate as it is seen', () => {
  it.each(['fixtures/ng', 'docs', 'src/classify', 'test/decoders'])(
    'gives every classifier the same in %s',
    (folder) => {
      const all = texts(folder);
      expect(all.length).toBeGreaterThan(10);
      for (const one of all) expect(answers(asSeen(one))).toEqual(answers(one));
    },
  );

  it('is the same wherever it stands in a text', () => {
    const line = 'key = "sunflower"\n';
    const filler = 'nothing of interest\n'.repeat(100);
    expect(hashOf(`${filler}${line}${filler}`)).toEqual(hashOf(`${filler}${filler}${line}${filler}`));
  });

  it('is another one when anything that may decide is another', () => {
    const line = 'key = "sunflower"\n';
    const { name: _, ...nameless } = made(line);
    const rule = made(line).rules[0]!;
    const all = [
      made(line),
      made(`\n${line}`),
      made(`${line}\n`),
      made(line, {}, 'test/app.ts'),
      made(line, { name: 'keys' }),
      nameless,
      { ...nameless, match: 'key' },
      made(line, { value: 'sunflowe' }),
      made(line, { match: 'key = "sunflower"' }),
      made(line, { syntax: 'call' }),
      made(line, { rules: [] }),
      made(line, { rules: [rule, rule] }),
      // A rule of another folder with the same id.
      made(line, { rules: [{ ...rule, confidence: 'certain' }] }),
    ];
    expect(new Set(all.map((one) => JSON.stringify(hashAsSeen(one)))).size).toBe(all.length);
  });

  it('is the same to a scout as long as value, name, syntax and path are', () => {
    const line = 'key = "sunflower"\n';
    const { name: _, ...nameless } = made(line);
    const all = [
      made(line),
      made(`\n${line}`),
      made(line, {}, 'test/app.ts'),
      nameless,
      made(line, { value: 'sunflowe' }),
      made(line, { syntax: 'call' }),
    ];
    const [first, moved, ...others] = all.map((one) => JSON.stringify(hashAtFirstSight(one)));
    expect(moved).toBe(first);
    expect(new Set([first, ...others]).size).toBe(all.length - 1);
    for (const one of texts('docs')) {
      const { value, name, syntax, chunk } = one;
      const alone = { ...candidateOf({ chunk: chunkOf(value, chunk), value }), syntax, ...(name ? { name } : {}) };
      const row = (candidate: Candidate) => {
        const written = new Float32Array(OWN_COLUMNS.names.length);
        OWN_COLUMNS.write({ candidate, features: features(candidate) }, written, 0);
        return written;
      };
      expect(row(alone)).toEqual(row(one));
    }
  });
});
