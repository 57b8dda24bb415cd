import type { Features } from '../features/index.ts';
import type { Candidate } from '../types.ts';
import { after, before, type Filter, hasCredentialName, isByShape, lineBefore } from './filter.ts';
import { isCounted, isPublished } from './public-values.ts';

/** Also for what a provider's rule has found. */
export const PUBLISHED_EXAMPLE: Filter = {
  label: 'placeholder',
  reason: 'a standard or a manual has published it for examples',
  when: ({ value }) => isPublished(value),
};

const IN_SENTENCE = /\b(?:for example|for instance|e\.g\.|such as|an example is)[^\n]{0,120}$/i;
const AFTER_SENTENCE = /\b(?:is an|following) example:\s+(?:<\w+>)?$|[.)>] *example: (?:<\w+>)?$/i;

/** An address up to a place in its path, or to the value of a parameter. */
const ADDRESS = /\bhttps?:\/\/[^\s"'`<>()#]*(?:[/:]|[?&]\w+=)$/i;
/** A tag or word that says that documentation follows: `@see https://…`. */
const REFERENCE = /(?:@(?:see|link|linkplain|docs?)|\bsee(?: also)?:?) <?https?:\/\/\S*$/i;
/** Words of addresses that open something to whoever knows them. */
const OPENS_BY_ITSELF = /hook|secret|token|priv|invit|share|key|auth|sign|upload|sas/i;

/** Values that are made up for an example, by themselves or by what stands round them. */
export const EXAMPLE_FILTERS: readonly Filter[] = [
  PUBLISHED_EXAMPLE,
  {
    label: 'placeholder',
    reason: 'it stands for a value that is put in elsewhere',
    when: ({ value }) => /^\{[a-z_]\w*\}$/i.test(value) || value === 'nullptr',
  },
  {
    label: 'placeholder',
    reason: 'it is the name of a setting, which holds the value',
    when: ({ value }) => /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:PASS(?:WORD|PHRASE)?|PWD|SECRET|TOKEN|KEY)$/.test(value),
  },
  {
    label: 'placeholder',
    reason: 'it says itself that it is an example or has to be replaced',
    when: ({ value }) =>
      /(?:very[-_ ]?long|example)[-_ ]?(?:secret|token|password|key)|must[-_ ]?be[-_ ]?at[-_ ]?least/i.test(value),
  },
  {
    label: 'placeholder',
    reason: 'somebody has counted it out',
    only: 'uuid',
    when: ({ value }) => isCounted(value),
  },
  {
    label: 'placeholder',
    reason: 'it is the identifier in an example',
    only: 'uuid',
    when: (candidate, f) => !hasCredentialName(f) && IN_SENTENCE.test(lineBefore(candidate)),
  },
  {
    label: 'placeholder',
    reason: 'it is the example behind a sentence, of something that has no credential’s name',
    only: 'shape',
    when: (candidate) => AFTER_SENTENCE.test(before(candidate, 64)),
  },
  {
    label: 'harmless',
    reason: 'it is part of an address that a comment refers to',
    only: 'shape',
    when: (candidate, f) =>
      !hasCredentialName(f) &&
      inComment(candidate, f) &&
      addressOf(candidate) === 'page' &&
      // In the labelled data most UUIDs in other addresses are secrets.
      (f.value.kind !== 'uuid' || REFERENCE.test(lineBefore(candidate))),
  },
  {
    label: 'harmless',
    reason: 'it is an identifier in a comment, under a name that is no credential’s',
    only: 'uuid',
    when: (candidate, f) =>
      !hasCredentialName(f) &&
      f.path.kind === 'code' &&
      inComment(candidate, f) &&
      isInQuotes(lineBefore(candidate)) &&
      addressOf(candidate) !== 'door',
  },
  {
    label: 'harmless',
    reason: 'it is a number in an example in a comment',
    only: 'number',
    when: (candidate, f) =>
      (f.name.kind === 'salt' || (f.name.kind === 'token' && candidate.value.length > 24)) &&
      /^\d+$/.test(candidate.value) &&
      inComment(candidate, f),
  },
  {
    label: 'placeholder',
    reason: 'it is one field of the example of an answer, in a comment',
    when: (candidate, f) =>
      f.path.kind === 'code' &&
      (f.name.kind === 'token' || f.name.kind === 'key'
        ? isFieldOfExample(candidate, JSON_FIELD)
        : isByShape(candidate) && !hasCredentialName(f) && isFieldOfExample(candidate, FIELD)),
  },
  {
    label: 'placeholder',
    reason: 'it is the greeting that examples in comments are written with',
    when: (candidate, f) =>
      f.path.kind === 'code' && /^hello(?:[ _-]?world)?!?$/i.test(candidate.value) && inComment(candidate, f),
  },
];

/** What the address is that a candidate stands in, if it does: a page, or something that opens to whoever knows it. */
function addressOf(candidate: Candidate): 'page' | 'door' | undefined {
  const address = ADDRESS.exec(before(candidate, 200))?.[0];
  return address === undefined ? undefined : OPENS_BY_ITSELF.test(address) ? 'door' : 'page';
}

/** Whether a candidate stands in a comment, also one behind code. */
function inComment(candidate: Candidate, f: Features): boolean {
  const line = lineBefore(candidate);
  return (f.context.comment && !/^\s*#(?:define|if|include|pragma)/.test(line)) || /[\s;,)}{](?:\/\/|#) /.test(line);
}

/** Whether a quote is open at the end of `left`. */
function isInQuotes(left: string): boolean {
  return ['"', "'", '`'].some((quote) => left.split(quote).length % 2 === 0);
}

/** A line of a comment with a field of an object on it: `// "name": 1`, `* name: "…"`. */
const FIELD = /^\s*(?:\/\/|\*|#)[\s/]*(["']?)[\w$.-]+\1\s*: {0,2}(?:["'[{\d]|true|false|null)/;

/** The same as JSON has it: it is no code of the program that was put aside. */
const JSON_FIELD = /^\s*(?:\/\/|\*)[\s/]*"[\w$.-]+"\s*:/;

/** The line of a comment that opens or closes such an object. */
const BRACKET = /^\s*(?:\/\/|\*|#)\s*[[\]{}]+,?;?\s*$/;

/** Whether a candidate stands on such a line, with two others or brackets close to it. */
function isFieldOfExample(candidate: Candidate, field: RegExp): boolean {
  if (!field.test(lineBefore(candidate))) return false;
  const above = before(candidate, 600).split('\n').slice(-4, -1);
  const below = after(candidate, 600).split('\n').slice(1, 4);
  return [...above, ...below].filter((line) => field.test(line) || BRACKET.test(line)).length >= 2;
}
