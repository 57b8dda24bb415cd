import type { Allow, Candidate, Config, Finding, TextChunk } from '../types.ts';
import { allowedBy, allowSubject } from './allowed.ts';
import { askedKeyPaths } from './json-keys.ts';
import type { KnownFindings } from './known.ts';
import { markedIn } from './markers/index.ts';

/** A secret of a text, and what would be told of it. */
export interface FoundSecret {
  candidate: Candidate;
  finding: Finding;
}

/**
 * What lets secrets of a text pass, in words for a sentence: `a marker in the text`. Those that are to be told are not in it.
 * @param input.config what is in force for the text
 * @param input.known opens what is known from before; asked where something is found that it could hide
 */
export async function whatLetsPass(input: {
  chunk: TextChunk;
  secrets: readonly FoundSecret[];
  config: Pick<Config, 'allow' | 'markers'>;
  known: () => Promise<KnownFindings | undefined>;
}): Promise<Map<Candidate, string>> {
  const { chunk, secrets, config } = input;
  const passes = new Map<Candidate, string>();
  if (secrets.length === 0) return passes;
  const candidates = secrets.map(({ candidate }) => candidate);
  const { hidden } = markedIn({ chunk, secrets: candidates, settings: config.markers });
  const keyPaths = askedKeyPaths({ chunk, candidates, allow: config.allow });
  const known = await input.known();
  const rest: (FoundSecret & { value: string })[] = [];
  for (const { candidate, finding } of secrets) {
    const subject = allowSubject(candidate, { keyPath: keyPaths.get(candidate.start) });
    const entry = allowedBy({ allow: config.allow, subject, finding });
    if (hidden.has(candidate)) passes.set(candidate, 'a marker in the text');
    else if (entry) passes.set(candidate, allowlist(entry));
    else if (known?.ignores(finding, subject)) passes.set(candidate, 'an ignore file of another scanner');
    else rest.push({ candidate, finding, value: subject.value });
  }
  const entries = await known?.entriesOf(rest);
  rest.forEach(({ candidate }, i) => {
    const status = entries?.[i]?.status;
    if (status) passes.set(candidate, `the baseline (${status})`);
  });
  return passes;
}

function allowlist({ description, origin }: Allow): string {
  const why = description === undefined ? '' : ` (${description})`;
  return `an allowlist of ${origin ?? 'the configuration'}${why}`;
}
