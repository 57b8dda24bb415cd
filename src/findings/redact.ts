import type { Redacted } from '../types.ts';
import { shorten } from '../util/format.ts';
import { isKeyBorder, joined, LONGEST_WRITTEN, occurrences, type Range, SHORTEST_SEARCHED } from './spellings.ts';

/** What stands in the place of a value. Its length says nothing about that of the value. */
export const MASK = '********';
/** What stands in the place of other values on the line of a finding: told apart from the finding's own. */
const OTHER_MASK = '****';

/** No more of a line is ever shown than this many times the width before and after the value. */
export const VIEW = 2;

const LONGEST_PREFIX = 12;
const KEY_HEADER =
  /^\s*-----BEGIN (?:(?:RSA|DSA|EC|OPENSSH|ENCRYPTED|PGP|SSH2 ENCRYPTED) )?PRIVATE KEY(?: BLOCK)?-----/;

/**
 * Characters that act on a terminal, turn the reading direction, or cannot be seen; and code units that are no
 * character at all, which XML and UTF-8 cannot hold.
 */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u115f\u1160\u3164\uffa0\ufffe\uffff]/gu;

function escapeHarmful(text: string): string {
  return text.replace(HARMFUL, (character) => {
    const code = character.codePointAt(0)!;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/**
 * Makes a name, path or message safe to print: control characters (line ends and tabs too), bidirectional and invisible
 * characters are spelled out (`\x1b`, `\u202e`). It masks nothing.
 */
export function plain(text: string): Redacted {
  return escapeHarmful(text) as Redacted;
}

/**
 * The value, masked. At most a quarter of it stays, and only what is public anyway: the longest of `prefixes` (lower
 * case, such as the keywords of the rule: `ghp_`, `akia`) that it starts with, or the header of a private key.
 * With `show` the value comes back as it is.
 */
export function mask(value: string, options: { show: boolean; prefixes?: readonly string[] }): Redacted {
  if (options.show) return value as Redacted;
  const quarter = value.length / 4;
  const header = KEY_HEADER.exec(value)?.[0].trim();
  if (header !== undefined) return (header.length <= quarter ? `${header} ${MASK}` : MASK) as Redacted;
  const longest = Math.min(LONGEST_PREFIX, quarter);
  const head = value.slice(0, LONGEST_PREFIX).toLowerCase();
  let kept = 0;
  for (const prefix of options.prefixes ?? []) {
    if (prefix.length > kept && prefix.length <= longest && head.startsWith(prefix)) kept = prefix.length;
  }
  return (value.slice(0, kept) + MASK) as Redacted;
}

/**
 * Masks `values` wherever they occur in a text of the tool's own or a name, in any common spelling. With `unlessWord`,
 * values that are plain words stay: a path or a sentence has them by chance, and masking them would only harm.
 */
export function hide(input: { text: string; values: readonly string[]; unlessWord?: boolean }): string {
  const values = input.unlessWord === true ? input.values.filter((value) => !isWord(value)) : input.values;
  let text = '';
  let at = 0;
  for (const range of joined(occurrences(input.text, values))) {
    text += input.text.slice(at, range.start) + MASK;
    at = range.end;
  }
  text += input.text.slice(at);
  // What is left beside a mask may spell a value together with it (`***x`).
  return values.some((value) => value.length >= SHORTEST_SEARCHED && text.includes(value)) ? MASK : text;
}

/** Short, or made of letters and the separators of paths and sentences only: `admin`, `config/settings`. */
function isWord(value: string): boolean {
  return value.length < 6 || /^[\p{L}\p{M}\s._/\\-]+$/u.test(value);
}

/** What {@link redactLine} is told. */
export interface RedactLineInput {
  /** One line, without its end. */
  line: string;
  /** What to mask, as offsets into the line. */
  spans: readonly Range[];
  /** Whole values to mask wherever they occur (in the line's own text or encoded); those of `spans` are looked for too. */
  values?: readonly string[];
  /** Nothing is masked: for --show-secrets. */
  show: boolean;
  /** At most this many UTF-16 code units, unless what stands at `focus` alone is longer. */
  width: number;
  /** The span that must stay in sight. */
  focus: Range;
  /** What to write in its place: `********` unless told. Not used with `show`. */
  as?: string;
}

/**
 * A line as it may be shown: values masked, harmful characters spelled out, tabs as blanks, outer blanks dropped, and
 * shortened round `focus` with `…`. When masking cannot be told from the value itself, nothing but the mask is shown.
 */
export function redactLine(input: RedactLineInput): Redacted {
  const { focus, show, width } = input;
  // One for one, so that offsets stay; and before the search, so that no value appears by this very change.
  const line = input.line.replaceAll('\t', ' ');
  if (show) {
    const [before, middle, after] = [
      line.slice(0, focus.start),
      line.slice(focus.start, focus.end),
      line.slice(focus.end),
    ].map(escapeHarmful) as [string, string, string];
    return shorten({ before: before.trimStart(), middle, after: after.trimEnd(), width }) as Redacted;
  }
  const searched = input.spans.filter(({ start, end }) => end - start <= LONGEST_WRITTEN);
  const values = [...(input.values ?? []), ...searched.map((span) => input.line.slice(span.start, span.end))];
  // Values as they are too: an escaped tab on the line is still a tab.
  const needles = [...new Set(values.flatMap((value) => [value, value.replaceAll('\t', ' ')]))].filter(
    (needle) => needle.length >= SHORTEST_SEARCHED && !isKeyBorder(needle),
  );
  const own = needles.some((needle) => (input.as ?? MASK).includes(needle)) ? MASK : (input.as ?? MASK);
  const { before, after } = maskAround({ line, spans: [...input.spans, focus], needles, focus, width });
  const text = shorten({ before: before.trimStart(), middle: own, after: after.trimEnd(), width });
  return (needles.some((needle) => text.includes(needle)) ? `… ${MASK} …` : text) as Redacted;
}

/** The text before and after the masked focus, with everything else masked too. */
function maskAround(input: {
  line: string;
  spans: readonly Range[];
  needles: readonly string[];
  focus: Range;
  width: number;
}) {
  const { line, spans, needles, focus, width } = input;
  // A line may be a whole minified program: only the stretch that can be shown is masked. Values are searched for in a
  // wider one, so that none is missed for being cut in two.
  const first = Math.max(0, focus.start - VIEW * width);
  const last = Math.min(line.length, focus.end + VIEW * width);
  const edge = 6 * Math.max(0, ...needles.map((needle) => needle.length));
  const from = Math.max(0, first - edge);
  const to = Math.min(line.length, last + edge);
  const found = occurrences(line.slice(from, to), needles).map((r) => ({ start: r.start + from, end: r.end + from }));
  const ranges = joined([...spans, ...found]);
  const whole = ranges.find((range) => range.start <= focus.start && focus.end <= range.end) ?? focus;
  const masked = (start: number, end: number) => {
    let text = '';
    let at = start;
    for (const range of ranges) {
      if (range.end <= start || range.start >= end) continue;
      text += escapeHarmful(line.slice(at, Math.max(at, range.start))) + OTHER_MASK;
      at = Math.min(end, range.end);
    }
    return text + escapeHarmful(line.slice(at, end));
  };
  return {
    before: (first > 0 ? '…' : '') + masked(Math.min(first, whole.start), whole.start),
    after: masked(whole.end, Math.max(last, whole.end)) + (last < line.length ? '…' : ''),
  };
}
