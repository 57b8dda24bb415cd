import type { Candidate, Verdict } from '../types.ts';
import { firstIndex } from '../util/halving.ts';
import type { Judged } from './collect.ts';

/** As much of a judged candidate as is compared with the others of its text. */
export interface Comparable {
  candidate: Pick<Candidate, 'start' | 'end' | 'syntax' | 'encodings'> & {
    rules: readonly { id: string }[];
    read?: unknown;
  };
  verdict: Verdict;
}

/**
 * Of secrets that were found in a text as it stands and once more in what is encoded there, one: that of the decoded text
 * where it is what a provider's rule matched, for it says more; otherwise that of the text as it stands.
 */
export function withoutDoubles<T extends Comparable>(judged: readonly T[]): readonly T[] {
  const secrets = judged.filter(({ verdict }) => verdict.label === 'secret');
  const decoded = secrets.filter(({ candidate }) => candidate.read);
  if (decoded.length === 0) return secrets;
  // No two candidates of the text as it stands overlap: in order of their starts they are in order of their ends.
  const plain = secrets
    .filter(({ candidate }) => !candidate.read)
    .sort((a, b) => a.candidate.start - b.candidate.start);
  const dropped = new Set<T>();
  const isSure = ({ candidate }: T) => candidate.syntax === 'provider';
  for (const one of [...decoded.filter(isSure), ...decoded.filter((other) => !isSure(other))]) {
    const { start, end } = one.candidate;
    const first = firstIndex(plain.length, (i) => plain[i]!.candidate.end > start);
    for (let i = first; i < plain.length && plain[i]!.candidate.start < end; i++) {
      // A rule that reads through the encoding itself has said all there is to say.
      const isSameRule = plain[i]!.candidate.rules[0]!.id === one.candidate.rules[0]!.id;
      if (isSure(one) && !isSameRule) dropped.add(plain[i]!);
      else if (!dropped.has(plain[i]!)) dropped.add(one);
    }
  }
  return secrets.filter((one) => !dropped.has(one));
}

/**
 * The same, with what spells nothing but a placeholder called one itself: `Y2hhbmdlbWU=` says "changeme". What a provider's
 * rule matched stays what it is.
 */
export function judgedAsRead(judged: readonly Judged[]): readonly Judged[] {
  return asRead(judged, ({ candidate }) => saysAll(candidate));
}

/** The same for those of which `saysIt` tells whether they are all that is decoded where they stand. */
export function asRead<T extends Comparable>(judged: readonly T[], saysIt: (one: T) => boolean): readonly T[] {
  const spelled = judged.filter((one) => one.verdict.label === 'placeholder' && saysIt(one));
  if (spelled.length === 0) return judged;
  const byPlace = new Map(spelled.map((one) => [placeKey(one.candidate), one]));
  return judged.map((one) => {
    const { candidate, verdict } = one;
    if (candidate.read || candidate.syntax === 'provider' || verdict.label !== 'secret') return one;
    const reading = [0, 1, 2]
      .map((padding) => byPlace.get(placeKey({ ...candidate, end: candidate.end + padding })))
      .find((found) => found !== undefined);
    return reading ? { ...one, verdict: asSpelled(reading) } : one;
  });
}

function asSpelled({ candidate, verdict }: Comparable): Verdict {
  return { ...verdict, reason: `decoded (${candidate.encodings.join(' → ')}) it is a placeholder: ${verdict.reason}` };
}

function placeKey({ start, end }: Pick<Candidate, 'start' | 'end'>): string {
  return `${start}:${end}`;
}

/** Whether a value is all that is decoded where it stands, in each of the texts that are in each other. */
export function saysAll({ read }: Candidate): boolean {
  if (!read) return false;
  let { chunk, start, end } = read;
  for (; chunk.decoded; chunk = chunk.decoded.from) {
    if (chunk.decoded.touches(start - 1, start) || chunk.decoded.touches(end, end + 1)) return false;
    ({ start, end } = chunk.decoded.place(start, end));
  }
  return true;
}
