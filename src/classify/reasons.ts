import type { Features } from '../features/index.ts';
import type { NameKind } from '../features/name.ts';
import type { ValueKind } from '../features/value.ts';
import type { Candidate } from '../types.ts';

const NAMES: Partial<Record<NameKind, string>> = {
  password: 'a password',
  secret: 'a secret',
  'private-key': 'a private key',
  'api-key': 'an API key',
  token: 'a token',
  auth: 'something that authenticates',
  salt: 'a salt, nonce or seed',
  key: 'a key',
  user: 'a user or an account',
  id: 'an identifier or a hash',
};

const KINDS: Partial<Record<ValueKind, string>> = {
  uuid: 'is a UUID',
  hex: 'is a hexadecimal number',
  digits: 'is made of digits only',
  base32: 'is base32 text',
  base64: 'is base64 text',
  url: 'is an address',
  path: 'is a path',
  dotted: 'is a dotted name',
  constant: 'is the name of a constant',
  identifier: 'is one identifier',
  phrase: 'is a phrase of several words',
  words: 'is made of words',
  'word-digits': 'is a word with digits behind',
};

/** What a person would say of the candidate: what its name promises, and what its value looks like. Never the value. */
export function describe(candidate: Candidate, f: Features): string {
  const name = NAMES[f.name.kind];
  const told = [
    name
      ? `its name says ${name}`
      : candidate.syntax === 'url'
        ? 'it stands where a URL has its password'
        : 'no name tells what it is',
  ];
  if (f.name.describes) told.push('but the name ends like one of a description, not of the thing');
  if (f.name.harmless) told.push('but the name is one that public values have');
  return `${told.join(', ')}; ${valueInWords(f)}`;
}

/** How the verdict came about. How sure it is stands beside every reason: it is not said again. */
export function decided(input: { by: 'gate' | 'model'; isSecret: boolean; byTeam: boolean }): string {
  const verdict = input.isSecret ? 'a secret' : 'none';
  if (input.byTeam) return `by what your team has decided of others like it, it is ${verdict}`;
  const who = input.by === 'gate' ? 'the gate' : 'the language model';
  return `${who} takes it for ${verdict}`;
}

function valueInWords(f: Features): string {
  const { value, placeholder } = f;
  if (placeholder.likeName) return 'the value only repeats the name';
  if (placeholder.codeWords) return 'the value is made of words that code is full of';
  if (placeholder.word) return 'the value reads like an example or a default';
  // Not the length itself: with a mask in its place it would say how long a password is.
  const long = value.length >= 20 ? 'long ' : value.length < 8 ? 'short ' : '';
  const mixed = [
    value.upper && value.lower ? 'both cases' : '',
    value.digits ? 'digits' : '',
    value.symbols ? 'symbols' : '',
  ].filter(Boolean);
  const mix = mixed.length > 1 ? ` with ${mixed.join(' and ')}` : '';
  if (value.kind === 'uuid' || value.kind === 'hex') return `the value ${KINDS[value.kind]}`;
  if (value.rarity >= 5.5) return `the value is ${long}random-looking text${mix}`;
  return `the value ${KINDS[value.kind] ?? `is ${long}text that is no plain word`}${mix}`;
}
