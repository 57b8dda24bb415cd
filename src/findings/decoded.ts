import { firstIndex } from '../util/halving.ts';
import type { Judged } from './collect.ts';

/**
 * Of secrets that were found in a text as it stands and once more in what is encoded there, one: that of the decoded text
 * where it is what a provider's rule matched, for it says more; otherwise that of the text as it stands.
 */
export function withoutDoubles(judged: readonly Judged[]): readonly Judged[] {
  const secrets = judged.filter(({ verdict }) => verdict.label === 'secret');
  const decoded = secrets.filter(({ candidate }) => candidate.read);
  if (decoded.length === 0) return secrets;
  // No two candidates of the text as it stands overlap: in order of their starts they are in order of their ends.
  const plain = secrets
    .filter(({ candidate }) => !candidate.read)
    .sort((a, b) => a.candidate.start - b.candidate.start);
  const dropped = new Set<Judged>();
  const isSure = ({ candidate }: Judged) => candidate.syntax === 'provider';
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
