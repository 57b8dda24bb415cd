import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { findCandidates } from '../../src/candidates/index.ts';
import type { Judge } from '../../src/classify/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { UserError } from '../../src/util/errors.ts';
import { shippedRules } from '../data/candidates.ts';
import { chunkOf } from '../data/creddata.ts';

/** An example of fixtures/twenty.json: `text` has the holes of src/rules/examples.ts, so that it holds nothing live. */
export interface Example {
  id: string;
  path: string;
  text: string;
  label: 'secret' | 'harmless';
}

/** What the scanner said of an example: its strongest candidate. Holds nothing of the text. */
export interface ExampleResult {
  id: string;
  label: Example['label'];
  said: Example['label'];
  right: boolean;
  probability: number;
  decidedBy: string;
}

/** The examples, or undefined where there is no such file. @throws UserError when it is damaged. */
export async function readExamples(path: string): Promise<Example[] | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    const examples: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (Array.isArray(examples) && examples.every(isExample)) return examples;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw new UserError(`${path} does not hold examples`, {
    hint: 'a list of { id, path, text, label }, label `secret` or `harmless`',
  });
}

function isExample(value: unknown): value is Example {
  const { id, path, text, label } = (value ?? {}) as Record<string, unknown>;
  return [id, path, text].every((part) => typeof part === 'string') && (label === 'secret' || label === 'harmless');
}

/** Judges every example by itself, through the scanner's own code. */
export async function runExamples(examples: readonly Example[], judge: Judge): Promise<ExampleResult[]> {
  const results: ExampleResult[] = [];
  for (const { id, path, text, label } of examples) {
    const candidates = findCandidates(chunkOf({ path, text: fillExample(text) }), shippedRules());
    const verdicts = await judge.judge(candidates);
    const strongest = [...verdicts].sort((a, b) => b.probability - a.probability);
    const top = strongest.find((v) => v.label === 'secret') ?? strongest[0];
    const said = top?.label === 'secret' ? 'secret' : 'harmless';
    results.push({
      ...{ id, label, said, right: said === label },
      probability: top?.probability ?? 0,
      decidedBy: top?.decidedBy ?? 'nothing found',
    });
  }
  return results;
}

/** The results as lines of a table. */
export function examplesTable(results: readonly ExampleResult[]): string[] {
  const right = results.filter((r) => r.right).length;
  return [
    `${right} of ${results.length} examples are judged right`,
    ...results.map(
      ({ id, label, said, right: ok, probability, decidedBy }) =>
        `  ${ok ? 'right' : 'WRONG'}  ${id.padEnd(28)} is ${label.padEnd(8)} said ${said.padEnd(8)} ${probability.toFixed(3)}  ${decidedBy}`,
    ),
  ];
}
