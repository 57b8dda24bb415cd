import type { Features } from '../features/index.ts';
import { isTextInsteadOfKey } from '../rules/private-key-block.ts';
import type { Candidate, Verdict } from '../types.ts';
import { EXAMPLE_FILTERS, PUBLISHED_EXAMPLE } from './example-filters.ts';
import { before, type Filter, SORTS } from './filter.ts';
import { GENERIC_FILTERS } from './generic-filters.ts';
import { PUBLIC_FILTERS } from './public-filters.ts';

/** Passwords of Microsoft's reference for nuget.config; phrases of Hardhat, of Truffle and of the standard for phrases (BIP 39). */
const DOCUMENTED: ReadonlySet<string> = new Set([
  'hal+9ooo_da!sY',
  '33f!!lloppa',
  `${'test '.repeat(11)}junk`,
  'candy maple cake sugar pudding cream honey rich smooth crumble sweet treat',
  `${'abandon '.repeat(11)}about`,
  'legal winner thank year wave sausage worth useful legal winner thank yellow',
]);

/** Values that a provider's rule may match, but that nobody would have issued. */
const PROVIDER_FILTERS: readonly Filter[] = [
  PUBLISHED_EXAMPLE,
  {
    label: 'placeholder',
    reason: 'it says itself that it is an example or stands for a value to be put in',
    when: ({ value }) =>
      /example|placeholder|changeme|replace[-_]?(?:me|this|with)|(?:\b|_)your[-_]|insert[-_]|dummy|redacted|x{6,}|\*{3,}|\.{3,}|<[a-z_ -]+>|\$\{|\{\{/i.test(
        withoutHost(value),
      ),
  },
  {
    label: 'placeholder',
    reason: 'it is the sample of a provider’s documentation, the same one everywhere',
    when: ({ value }) => DOCUMENTED.has(value),
  },
  {
    label: 'placeholder',
    reason: 'it is made of a few characters over and over',
    when: (_, f) => f.placeholder.sameRun >= 0.4 || f.value.distinct < 5,
  },
  {
    label: 'placeholder',
    reason: 'there is text in base64 where the key belongs',
    when: ({ value }) => /^-{4,5} ?BEGIN /.test(value) && isTextInsteadOfKey(value),
  },
  {
    label: 'harmless',
    reason: 'it is the hash of a package that is checked against it, which is public',
    when: (candidate) => /\bsha(?:256|384|512)-$/.test(before(candidate, 8)),
  },
];

/** An address without its host: whose `example` it is says nothing about the random part of its path. */
function withoutHost(value: string): string {
  return value.replace(/^[a-z][a-z+.-]{1,12}:\/\/[^/?#]*/i, '');
}

const OTHER_FILTERS: readonly Filter[] = [...GENERIC_FILTERS, ...EXAMPLE_FILTERS, ...PUBLIC_FILTERS];

/** The first filter that settles `candidate`, as a verdict. */
export function filter(candidate: Candidate, f: Features): Verdict | undefined {
  const filters = candidate.syntax === 'provider' ? PROVIDER_FILTERS : filtersFor(candidate, f);
  const hit = filters.find(({ when }) => when(candidate, f));
  return hit && { label: hit.label, probability: 0.01, decidedBy: 'filter', reason: hit.reason };
}

/** Filters by the sorts of a candidate, one bit each: made when the first of its kind comes. */
const bySorts: (readonly Filter[] | undefined)[] = [];

function filtersFor(candidate: Candidate, f: Features): readonly Filter[] {
  let sorts = 0;
  for (let i = 0; i < SORTS.length; i++) if (SORTS[i]![1](candidate, f)) sorts |= 1 << i;
  const known = bySorts[sorts];
  if (known) return known;
  const others = SORTS.filter((_, i) => (sorts & (1 << i)) === 0).map(([sort]) => sort);
  const filters = OTHER_FILTERS.filter(({ only }) => only === undefined || !others.includes(only));
  bySorts[sorts] = filters;
  return filters;
}
