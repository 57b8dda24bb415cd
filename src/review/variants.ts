import { createJudge, type Judge } from '../classify/index.ts';
import type { Candidate, Config } from '../types.ts';
import type { Vote } from './types.ts';

/** One way to look at a candidate again. */
interface Variant {
  prompt: string;
  /** What is left out; absent: nothing. */
  change?: (candidate: Candidate) => Candidate;
  /** `model`: as the scanner is set up. The others: the gate alone, with this preset. */
  judge: 'model' | 'gate' | 'strict' | 'wide';
}

/**
 * How the scanner asks itself: with all it knows, without the language model, with the borders of the other presets, and with
 * one thing left out at a time. What is a secret stays one in most of these; what only looked like one for its path does not.
 */
const VARIANTS: readonly Variant[] = [
  { prompt: 'whole', judge: 'model' },
  { prompt: 'gate', judge: 'gate' },
  { prompt: 'strict', judge: 'strict' },
  { prompt: 'wide', judge: 'wide' },
  { prompt: 'no-folder', judge: 'model', change: withoutFolder },
  { prompt: 'no-context', judge: 'model', change: withoutContext },
  { prompt: 'no-name', judge: 'model', change: withoutName },
];

/** Gives the votes of the scanner on candidates. */
export interface Voters {
  vote(candidate: Candidate, signal?: AbortSignal): Promise<Vote[]>;
}

/** @param input.judge as the scanner is set up */
export function createVoters(input: { config: Config; judge: Judge; useModel: boolean }): Voters {
  const { config, judge } = input;
  const { model: modelDir, device } = config;
  const gate = (preset: Config['preset']) => createJudge({ preset, modelDir, device, useModel: false });
  const judges = { model: judge, gate: gate(config.preset), strict: gate('strict'), wide: gate('wide') };
  return {
    async vote(candidate, signal) {
      const read = candidate.read ?? candidate;
      const votes: Vote[] = [];
      for (const { prompt, judge: by, change } of VARIANTS) {
        const [verdict] = await judges[by].judge([change ? change(read) : read], signal);
        const { label, probability } = verdict!;
        votes.push({ by: 'scanner', prompt, label, probability });
      }
      return votes;
    },
  };
}

/** A candidate of which only the name of its file is known, not the folder. */
export function withoutFolder(candidate: Candidate): Candidate {
  const { logicalPath } = candidate.chunk;
  const name = logicalPath.slice(Math.max(logicalPath.lastIndexOf('/'), logicalPath.lastIndexOf('!')) + 1);
  return { ...candidate, chunk: { ...candidate.chunk, logicalPath: name } };
}

/** Only its own lines stay. */
function withoutContext(candidate: Candidate): Candidate {
  const { chunk, start, end } = candidate;
  const from = start === 0 ? 0 : chunk.text.lastIndexOf('\n', start - 1) + 1;
  const newline = chunk.text.indexOf('\n', end);
  const text = chunk.text.slice(from, newline < 0 ? chunk.text.length : newline + 1);
  return { ...candidate, chunk: { ...chunk, text }, start: start - from, end: end - from };
}

function withoutName({ name: _, ...candidate }: Candidate): Candidate {
  return candidate;
}
