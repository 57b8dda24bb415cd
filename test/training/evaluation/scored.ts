import type { ScoredCandidate, ScoredPlace } from '../../../training/evaluation/scored.ts';

/** A candidate with nothing special about it, and what is told. */
export function candidate(id: string, told: Partial<ScoredCandidate> = {}): ScoredCandidate {
  return {
    ...{ id, repo: 'r1', variant: 'random', at: `files/r1/a.py:${id}`, places: [], label: 'harmless', labelled: true },
    ...{ category: 'Key', language: 'python', uuid: false, gateLogit: 0, placeholder: 0, logits: null, settled: null },
    ...{ least: 0 },
    ...told,
  };
}

export function place(key: string, told: Partial<ScoredPlace> = {}): ScoredPlace {
  return {
    ...{ key, repo: 'r1', variant: 'random', secret: false, category: 'Key', language: 'python', uuid: false },
    ...told,
  };
}
