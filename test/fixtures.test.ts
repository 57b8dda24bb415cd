import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCandidates } from '../src/candidates/index.ts';
import { classify } from '../src/classify/index.ts';
import { fillExample } from '../src/rules/examples.ts';
import { loadRules } from '../src/rules/rule-set.ts';

const root = join(import.meta.dirname, '..', 'fixtures');
const rules = loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });

/** What is found in the filled-in files of a case: `file:line rule`, and nothing of the values. */
function found(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
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
      return findCandidates(chunk, rules)
        .filter((candidate) => classify(candidate, 'balanced').label === 'secret')
        .map((candidate) => `${name}:${candidate.line} ${candidate.rules[0]!.id}`);
    });
}

describe('fixtures/ok: nothing is found', () => {
  it.each(readdirSync(join(root, 'ok')))('%s', (name) => {
    expect(found(join(root, 'ok', name))).toEqual([]);
  });
});

describe('fixtures/ng: found, as it was before', () => {
  it.each(readdirSync(join(root, 'ng')))('%s', (name) => {
    expect(found(join(root, 'ng', name))).toMatchSnapshot();
  });
});
