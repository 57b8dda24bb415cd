import type { Features } from '../features/index.ts';
import type { Candidate, VerdictLabel } from '../types.ts';

/** The verdicts in the order of every array of logits. */
export const VERDICT_WORDS = ['secret', 'placeholder', 'harmless'] as const satisfies readonly VerdictLabel[];

/** Changes with everything that changes a prompt: a model is only asked in the words that it was fitted on. */
export const PROMPT_VERSION = 2;

/** No prompt that is longer goes into the model, in tokens. Prompts have about a hundred. */
export const MAX_TOKENS = 160;

/** Of a prompt that is too long the last tokens stay: the end of the value and `verdict:`. */
const TAIL_TOKENS = 16;

/** How every prompt ends. */
const ASK = 'verdict:';

/** Most UTF-16 code units of each part. */
const MOST = { path: 48, name: 40, rule: 40, before: 60, after: 20, valueStart: 40, valueEnd: 8 } as const;

/** What the model is to say behind a prompt. One token in our own vocabulary, the blank in front included. */
export function answerOf(label: VerdictLabel): string {
  return ` ${label}`;
}

/**
 * Cuts the tokens of a prompt to at most {@link MAX_TOKENS}: out of the middle of the value, as that is where a prompt
 * gets long. The workers that train do the same: `ids[:max - 16] + ids[-16:]`.
 */
export function fitTokens<T>(ids: readonly T[], max: number = MAX_TOKENS): T[] {
  if (ids.length <= max) return [...ids];
  return [...ids.slice(0, max - TAIL_TOKENS), ...ids.slice(-TAIL_TOKENS)];
}

/**
 * What the language model reads of a candidate. The one place that makes prompts: for fitting, for the scanner and for a
 * judge. One field a line, bounded in length, ends with `verdict:`. What comes from the text cannot begin a line or end
 * the prompt: line ends, control characters, halves of surrogate pairs, the marks `«»` and the spellings of special
 * tokens are written as escapes.
 */
export function renderPrompt(candidate: Candidate, features: Features): string {
  const { value, syntax, rules, name } = candidate;
  const { path: place, name: sense } = features;
  const flags = [place.kind, place.test && 'test', place.example && 'example', place.locale && 'locale'];
  const more = [place.lock && 'lock', place.minified && 'minified'];
  const meaning = [sense.kind, sense.describes && 'describes', sense.harmless && 'public', sense.hash && 'hash'];
  return [
    `path: ${last(lastSegments(candidate.chunk.logicalPath), MOST.path)} (${words([...flags, ...more])})`,
    `rule: ${first(rules[0]?.id ?? 'none', MOST.rule)}, ${syntax}`,
    `name: ${name === undefined ? '' : `${last(name, MOST.name)} `}(${words(meaning)})`,
    `shape: ${shapeInWords(features)}`,
    `line: ${lineOf(candidate)}`,
    `value: ${shorten(value)}`,
    ASK,
  ].join('\n');
}

/** Shares in per cent that the gate's probability is rounded down to. */
const GATE_STEPS = [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 85, 90, 93, 95, 97, 98, 99] as const;

/**
 * A prompt of {@link renderPrompt} with what the gate says (`probability` of a secret, 0 to 1): the language model is to
 * correct the gate, not to find out again what it knows. The workers that train do the same (`with_gate` in lm.py).
 */
export function withGate(prompt: string, probability: number): string {
  const step = GATE_STEPS.findLast((percent) => 100 * probability >= percent) ?? 0;
  return `${prompt.slice(0, -ASK.length)}gate: ${step} %\n${ASK}`;
}

const words = (list: readonly (string | false)[]): string => list.filter((word) => word !== false).join(' ');

function lastSegments(path: string): string {
  return path
    .slice(-4 * MOST.path)
    .split('/')
    .slice(-3)
    .join('/');
}

/** The line up to the value, the marks in its place, and what follows it. */
function lineOf({ chunk: { text }, start, end }: Candidate): string {
  const before = text.slice(Math.max(0, start - MOST.before), start);
  const after = text.slice(end, end + MOST.after);
  const newline = after.search(/[\r\n]/);
  return `${last(before.slice(before.lastIndexOf('\n') + 1).trimStart(), MOST.before)}«»${first(
    newline < 0 ? after : after.slice(0, newline),
    MOST.after,
  )}`;
}

function shorten(value: string): string {
  const whole = value.length <= MOST.valueStart + MOST.valueEnd;
  if (whole) {
    const all = first(value, Number.POSITIVE_INFINITY);
    if (all.length <= MOST.valueStart + MOST.valueEnd) return all;
  }
  return `${first(value, MOST.valueStart)}…${last(value, MOST.valueEnd)}`;
}

/** Bucket borders: a value belongs to the last one that it reaches. */
function bucket(value: number, steps: readonly (readonly [least: number, word: string])[]): string {
  return steps.findLast(([least]) => value >= least)?.[1] ?? '';
}

const LENGTHS = [1, 6, 8, 12, 16, 20, 24, 32, 33, 40, 41, 64, 65, 128, 512].map((n) => [n, `${n}+`] as const);
const RARITIES = [
  [0, 'no letters'],
  [0.01, 'words'],
  [3.5, 'like words'],
  [4.2, 'odd words'],
  [5, 'rare'],
  [6, 'random'],
  [7.5, 'very random'],
] as const;
const ENTROPIES = [
  [0, 'entropy lowest'],
  [2, 'entropy low'],
  [2.8, 'entropy medium'],
  [3.4, 'entropy high'],
  [4.2, 'entropy highest'],
] as const;

/** The shape of the value and how it stands in its line, each number as a word for its size. */
function shapeInWords({ value, placeholder, context }: Features): string {
  const classes = words([
    value.lower > 0 && 'lower',
    value.upper > 0 && 'upper',
    value.digits > 0 && (value.digits * 4 > value.length ? 'many digits' : 'digits'),
    value.symbols > 0 && (value.symbols * 4 > value.length ? 'many symbols' : 'symbols'),
    value.spaces > 0 && 'spaces',
  ]);
  const signs = words([
    placeholder.word && 'example',
    placeholder.monotonous && 'repeats',
    placeholder.codeWords && 'codewords',
    placeholder.likeName && 'like-name',
  ]);
  const stands = words([
    context.quoted ? 'quoted' : 'bare',
    context.bareInCode && 'in-code',
    context.comment && 'comment',
    context.compared && 'compared',
    context.goesOn && 'goes-on',
    context.inBlock && 'block',
    context.gap > 30 && 'far',
  ]);
  const parts = [
    value.kind,
    bucket(value.length, LENGTHS),
    classes,
    bucket(value.rarity, RARITIES),
    bucket(value.entropy, ENTROPIES),
    signs,
    stands,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** As much of the beginning of `text`, made visible, as fits into `most` code units. */
function first(text: string, most: number): string {
  let out = '';
  for (const piece of pieces(text.length > most ? text.slice(0, most) : text)) {
    if (out.length + piece.length > most) break;
    out += piece;
  }
  return out;
}

/** As much of the end of `text`, made visible, as fits into `most` code units. */
function last(text: string, most: number): string {
  let out = '';
  for (const piece of pieces(text.length > most ? text.slice(-most) : text).reverse()) {
    if (out.length + piece.length > most) break;
    out = piece + out;
  }
  return out;
}

/** What no prompt may have in it: controls, white space but the blank, marks of direction, half pairs, our own marks. */
const ODD = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}«»]|[^\S ]/u;
/** The special tokens of common vocabularies: `<s>`, `</s>`, `<pad>`, `<|im_end|>`. */
const SPECIAL = /<(?=\/?(?:s|pad|unk|bos|eos|mask)>|\|)/iy;

/** The characters of `text`, those that must not stay as escapes. */
function pieces(text: string): string[] {
  const out: string[] = [];
  for (let i = 0; i < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(i)!);
    SPECIAL.lastIndex = i;
    out.push(ODD.test(character) || SPECIAL.test(text) ? escaped(character) : character);
    i += character.length;
  }
  return out;
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  if (code > 0xffff) return `\\u{${hex}}`;
  return SHORT[character] ?? (code > 0xff ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`);
}
