import type { Features } from '../features/index.ts';
import type { Candidate, Verdict, VerdictLabel } from '../types.ts';

/** Settles a candidate by one plain observation, or leaves it to the next step. */
interface Filter {
  label: Exclude<VerdictLabel, 'secret'>;
  reason: string;
  when: (candidate: Candidate, f: Features) => boolean;
}

/** Values that a provider's rule may match, but that nobody would have issued. */
const PROVIDER_FILTERS: readonly Filter[] = [
  {
    label: 'placeholder',
    reason: 'it says itself that it is an example or stands for a value to be put in',
    when: ({ value }) =>
      /example|placeholder|changeme|replace[-_]?(?:me|this|with)|(?:\b|_)your[-_]|insert[-_]|dummy|redacted|x{6,}|\*{3,}|\.{3,}|<[a-z_ -]+>|\$\{|\{\{/i.test(
        value,
      ),
  },
  {
    label: 'placeholder',
    reason: 'it is made of a few characters over and over',
    when: (_, f) => f.placeholder.sameRun >= 0.4 || f.value.distinct < 5,
  },
];

const TO_BE_REPLACED =
  /^(?:change[-_ ]?(?:me|it|this)\W*|replace[-_ ]?(?:me|this|with).*|placeholder|(?:insert|put|enter|add|use)[-_ ]your.*|.*[-_ ](?:goes[-_ ])?here|your[-_ ].*|redacted|removed|dummy|todo|tbd|null|none|nil|undefined|n\/a)$/i;

const GENERIC_FILTERS: readonly Filter[] = [
  {
    label: 'placeholder',
    reason: 'it stands for a value that is put in elsewhere',
    when: (_, f) => f.value.kind === 'reference' || f.context.isTemplate,
  },
  {
    label: 'placeholder',
    reason: 'its characters repeat or run along the alphabet',
    when: (_, f) => f.placeholder.monotonous,
  },
  {
    label: 'harmless',
    reason: 'it is too short to protect anything',
    when: (_, f) => f.value.length < 4 || f.value.digits + f.value.upper + f.value.lower < 3,
  },
  {
    label: 'harmless',
    reason: 'it is an expression of the program, not a literal',
    when: (_, f) =>
      !f.context.quoted &&
      (f.value.kind === 'code' ||
        f.value.kind === 'call' ||
        (f.context.bareInCode && (f.value.kind === 'dotted' || f.context.goesOn))),
  },
  {
    label: 'placeholder',
    reason: 'it says itself that it is an example or has to be replaced',
    when: ({ value }) => /EXAMPLE|(?:^|[-_.])example(?:$|[-_.])/.test(value) || TO_BE_REPLACED.test(value),
  },
  {
    label: 'harmless',
    reason: 'its name is one of paging, synchronisation, parsing or encrypted tokens, which open nothing',
    when: (_, f) => f.name.noCredential,
  },
  {
    label: 'harmless',
    reason: 'it is a number in a program',
    when: ({ value }, f) =>
      (f.context.bareInCode && /^(?:0x[0-9a-f_]+|[\d_.]+)[a-z]{0,2}$/i.test(value)) ||
      /^0x[0-9a-f]{1,16}n?$/i.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is part of the name of a cloud resource',
    when: (_, f) => f.context.inResourceName,
  },
  {
    label: 'harmless',
    reason: 'it is part of a block of data',
    when: ({ syntax }, f) => syntax === 'token' && f.context.inBlock,
  },
  {
    label: 'placeholder',
    reason: 'parts of it have been left out or masked',
    when: ({ value }) => /\.{3,}|…|\*{3,}/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is the hash of something, by its name',
    when: (_, f) => f.name.hash && (f.value.kind === 'hex' || f.value.kind === 'base64'),
  },
  {
    label: 'harmless',
    reason: 'lock files are full of hashes that are meant to be read',
    when: ({ syntax }, f) => f.path.lock && syntax !== 'url',
  },
  {
    label: 'harmless',
    reason: 'it names a commit',
    when: (_, f) => f.context.isCommit,
  },
  {
    label: 'harmless',
    reason: 'it is the name of the issuer or owner of a certificate',
    // The object identifiers of such names (2.5.4.x), in the three ways in which base64 can cut them.
    when: ({ value }) => /^M[A-Za-z0-9+/]*(?:BgNVBA|YDVQQ|GA1UE)/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is the next option of a command',
    when: ({ value }, f) => !f.context.quoted && /^--?[a-z][a-z-]*=?$/.test(value),
  },
  {
    label: 'harmless',
    reason: 'it is a pattern that values are matched with',
    when: (_, f) => f.value.kind === 'pattern',
  },
  {
    label: 'harmless',
    reason: 'it only spells characters that are hard to type',
    when: (_, f) => f.value.kind === 'escapes',
  },
  {
    label: 'harmless',
    reason: 'it is an integrity hash or a certificate, which are public',
    when: ({ value }) =>
      /^(?:sha(?:1|256|384|512)[-:=]|LS0tLS1CRUdJTiBDRVJU|MII[A-Za-z0-9+/]{3}CC[A-Za-z])/.test(value) ||
      /^-----BEGIN (?:CERTIFICATE|PUBLIC)/.test(value),
  },
  {
    label: 'harmless',
    reason: 'the host name of a bucket is public: access is decided elsewhere',
    when: ({ rules }) => rules[0]?.id === 'storage-bucket',
  },
];

/** The first filter that settles `candidate`, as a verdict. */
export function filter(candidate: Candidate, f: Features): Verdict | undefined {
  const filters = candidate.syntax === 'provider' ? PROVIDER_FILTERS : GENERIC_FILTERS;
  const hit = filters.find(({ when }) => when(candidate, f));
  return hit && { label: hit.label, probability: 0.01, decidedBy: 'filter', reason: hit.reason };
}
