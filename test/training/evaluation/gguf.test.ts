import { describe, expect, it } from 'vitest';
import { MAX_TOKENS } from '../../../src/classify/prompt.ts';
import { examplePrompt } from '../../../training/evaluation/create-modelfile.ts';
import {
  type Column,
  compareColumns,
  type Probabilities,
  parityText,
  softmax,
  tokenCheck,
} from '../../../training/evaluation/gguf-parity.ts';
import { modelfileText } from '../../../training/evaluation/modelfile.ts';

const facts = { version: 'run-1', files: ['a.Q8_0.gguf', 'a.Q4_K_M.gguf'], longest: 1, stops: ['</s>'] };

describe('the Modelfile', () => {
  const text = modelfileText({ ...facts, licence: 'Be kind.\n"""Really."""' });

  it('runs the first file on prompts as they are', () => {
    expect(text).toMatch(/^FROM \.\/a\.Q8_0\.gguf$/m);
    expect(text).toContain('TEMPLATE """{{ .Prompt }}"""');
    expect(text).toMatch(/^SYSTEM """.*secret, placeholder or harmless\."""$/m);
  });

  it('asks for the most probable word, and nothing is held against it', () => {
    for (const line of ['temperature 0', 'num_predict 1', 'repeat_penalty 1', 'repeat_last_n 0']) {
      expect(text).toContain(`\nPARAMETER ${line}\n`);
    }
    const context = Number(/num_ctx (\d+)/.exec(text)![1]);
    expect(context).toBeGreaterThan(MAX_TOKENS);
    expect(context % 256).toBe(0);
  });

  it('ends an answer at a line end, which stands there as itself, and at the end of the text', () => {
    expect(text).toContain('PARAMETER stop "\n"\nPARAMETER stop "</s>"\n');
  });

  it('carries the licence, which cannot end early', () => {
    expect(text).toContain(`LICENSE """Be kind.\n'''Really.'''"""\n`);
    expect(modelfileText({ ...facts, licence: undefined })).not.toContain('LICENSE');
  });

  it('comes with a prompt that ends where the answer begins', () => {
    expect(examplePrompt()).toMatch(/^path: .*\nrule: .*\ngate: 90 %\nverdict:$/s);
    expect(examplePrompt()).toBe(examplePrompt());
  });
});

describe('columns of verdicts', () => {
  const asked = ['a', 'b', 'c', 'd'].map((prompt) => ({ prompt, gateLogit: 0 }));
  const column = (name: string, ...secret: number[]): Column => ({
    name,
    bytes: undefined,
    answers: new Map(secret.map((p, i) => [asked[i]!.prompt, [p, 0, 1 - p] as Probabilities])),
  });
  const identity = { a: 1, b: 0 };
  const card = {
    stack: { bias: 0, gate: 0, model: 1 },
    calibration: { model: identity, gate: identity },
    thresholds: { strict: 0.9, balanced: 0.8, wide: 0.2 },
  };

  it('are held against the first', () => {
    const columns = [column('exact', 0.9, 0.6, 0.1, 0.7), column('near', 0.85, 0.4, 0.1, 0.81)];
    const [exact, near] = compareColumns({ asked, columns, card });
    expect(exact).toMatchObject({ agreement: 1, sameFindings: 1, largestDifference: 0, meanDifference: 0 });
    expect(near).toMatchObject({ name: 'near', agreement: 0.75, sameFindings: 0.75 });
    expect(near!.largestDifference).toBeCloseTo(0.2);
    expect(near!.meanDifference).toBeCloseTo((2 * (0.05 + 0.2 + 0 + 0.11)) / 12);
  });

  it('agree where nothing was asked', () => {
    expect(compareColumns({ asked: [], columns: [column('none')], card })[0]!.agreement).toBe(1);
  });

  it('are shown as a table', () => {
    const columns = compareColumns({ asked, columns: [column('exact', 0.9, 0.6, 0.1, 0.7)], card });
    const tokens = [tokenCheck('other', [[1, 2], [3]], [[1, 2], [4]])];
    const text = parityText({ version: 'mine', candidates: 4, of: 'in the band', prompts: 4, cut: 0, tokens, columns });
    expect(text).toContain('other: 1 of 2 prompts differ');
    expect(text).toMatch(/exact +100\.00 % +100\.00 % +0\.0000/);
  });

  it('come from logits of any size', () => {
    expect(softmax([1000, 1000, -1000])).toEqual([0.5, 0.5, 0]);
  });
});
