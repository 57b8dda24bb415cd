import { CHAR_KINDS, DIGIT, LOWER, SPACE, UPPER } from '../util/characters.ts';
import { charSpread } from '../util/entropy.ts';
import { rarity } from '../util/rarity.ts';

/** What a value looks like, whatever its name. Read once for a candidate; filters and features share it. */
export interface ValueShape {
  length: number;
  digits: number;
  upper: number;
  lower: number;
  /** Characters that are neither letters, digits nor white space. */
  symbols: number;
  spaces: number;
  /** Distinct characters. */
  distinct: number;
  /** Bits per character. */
  entropy: number;
  /** See `rarity`. */
  rarity: number;
  /** Longest run of letters. */
  longestWord: number;
  /** Changes between digits, upper case, lower case and the rest, per character. */
  changes: number;
  kind: ValueKind;
}

/** The first of these that fits. */
export type ValueKind =
  | 'pattern'
  | 'code'
  | 'escapes'
  | 'uuid'
  | 'hex'
  | 'digits'
  | 'base32'
  | 'url'
  | 'path'
  | 'dotted'
  | 'call'
  | 'reference'
  | 'constant'
  | 'identifier'
  | 'phrase'
  | 'words'
  | 'base64'
  | 'word-digits'
  | 'other';

const KINDS: readonly [ValueKind, RegExp][] = [
  ['pattern', /\(\?[:<!=P]|\[(?=[^\]]*?\w-\w)[^\]]*(?:\][{*+?)]|$)|\\[wdsb][+*{]|[\])]\{\d+,?\d*\}/],
  ['escapes', /^(?:\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]+\}|\\x[0-9a-fA-F]{2}|&#?\w+;|%[0-9a-fA-F]{2})+$/],
  [
    'code',
    /[!=]==?[^=]|&&|\|\||=>|\)[;{,.]|\(\)|\w\(\w*[,)]|[;,][\w.$]+=|[?]\w[^:]*:|^[)\]},;:]|^[\w.$!]{1,40},[\w.$!]*(?:[:,=]|$)|^#[0-9a-f]{3,8}(?:;|$)/,
  ],
  ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
  ['digits', /^[\d.,:+\-/ ]+[a-z%]{0,2}$|^0x[0-9a-f]{1,8}$/i],
  ['hex', /^(?:0x)?(?=[a-f]*\d|[A-F]*\d)(?:[0-9a-f]{8,}|[0-9A-F]{8,})$/],
  [
    'reference',
    /\$\{[^}]+\}|\{\{.+\}\}|#\{.+\}|%\(\w+\)s|^(?:\$|%|@|#\{|\{\{|<%|\$\{|\$\(|<)[\w.[\]{}()$ "'|:/%@#-]*[>})%\]]?$|^&\w+$/,
  ],
  ['call', /^[\w.$:>-]+(?:\(.*\)?|\[.*\]?)[;,.]?$/s],
  ['url', /^(?:[a-z][a-z0-9+.-]{1,12}:\/\/|(?:magnet|mailto|urn|data|tel):\S)/i],
  [
    'path',
    /^(?:\.{0,2}|~|[A-Za-z]:)(?:[/\\][\w.@ -]+)+[/\\]?$|^\/?[\w-]+(?:\/[\w.:-]+)+$|^[\w-]+\.(?:[a-z]{2,4}|json|html|yaml|properties)$/,
  ],
  ['constant', /^[A-Z][A-Z]+(?:_[A-Z0-9]+)+$|^[A-Z]{3,}$/],
  ['dotted', /^[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)+$/],
  ['base32', /^(?=.*[2-7])[A-Z2-7]{16,}=*$/],
  ['phrase', /\S\s+\S/],
  ['word-digits', /^[A-Za-z]+\d{1,6}[!@#$%^&*.?]?$/],
  ['words', /^[A-Za-z]+(?:[-_ .][A-Za-z]+)*$/],
  ['identifier', /^[A-Za-z_$][\w$-]*$/],
  ['base64', /^[A-Za-z0-9+/_-]{16,}={0,2}$/],
];

/** Describes `value`. Only its first 512 code units are read. */
export function valueShape(value: string): ValueShape {
  const text = value.length > 512 ? value.slice(0, 512) : value;
  let [digits, upper, lower, spaces] = [0, 0, 0, 0];
  let word = 0;
  let longestWord = 0;
  let changes = 0;
  let before = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // What is no ASCII counts as lower case.
    const kind = code < 128 ? CHAR_KINDS[code]! : LOWER;
    if (kind === LOWER) lower++;
    else if (kind === DIGIT) digits++;
    else if (kind === UPPER) upper++;
    else if (kind === SPACE) spaces++;
    word = kind === LOWER || kind === UPPER ? word + 1 : 0;
    if (word > longestWord) longestWord = word;
    if (before !== 0 && kind !== before) changes++;
    before = kind;
  }
  const spread = charSpread(text);
  return {
    length: value.length,
    digits,
    upper,
    lower,
    symbols: text.length - digits - upper - lower - spaces,
    spaces,
    distinct: PAIR.test(text) ? new Set(text).size : spread.distinct,
    entropy: spread.entropy,
    rarity: rarity(text),
    longestWord,
    changes: changes / Math.max(1, text.length),
    kind: KINDS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other',
  };
}

/** A character of two UTF-16 code units. */
const PAIR = /[\ud800-\udfff]/;
