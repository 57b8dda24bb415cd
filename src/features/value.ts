import { CHAR_KINDS, DIGIT, LOWER, SPACE, SYMBOL, UPPER } from '../util/characters.ts';
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

/** Only the first 512 code units of a value are read. */
const READ = 512;

/** Describes `value`. */
export function valueShape(value: string): ValueShape {
  return new Shape(value);
}

/** How many characters of each kind the value has that is being read. */
const kinds = new Int32Array(SPACE + 1);

class Shape implements ValueShape {
  readonly length: number;
  readonly digits: number;
  readonly upper: number;
  readonly lower: number;
  readonly symbols: number;
  readonly spaces: number;
  readonly distinct: number;
  readonly entropy: number;
  readonly rarity: number;
  readonly longestWord: number;
  readonly changes: number;
  readonly #text: string;
  #kind: ValueKind | undefined;

  constructor(value: string) {
    const text = value.slice(0, READ);
    let word = 0;
    let longestWord = 0;
    let changes = 0;
    let before = 0;
    let allBits = 0;
    kinds.fill(0);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      allBits |= code;
      // What is no ASCII counts as lower case.
      const kind = code < 128 ? CHAR_KINDS[code]! : LOWER;
      kinds[kind]!++;
      word = kind === LOWER || kind === UPPER ? word + 1 : 0;
      if (word > longestWord) longestWord = word;
      if (before !== 0 && kind !== before) changes++;
      before = kind;
    }
    const spread = charSpread(text);
    this.length = value.length;
    this.digits = kinds[DIGIT]!;
    this.upper = kinds[UPPER]!;
    this.lower = kinds[LOWER]!;
    this.symbols = kinds[SYMBOL]!;
    this.spaces = kinds[SPACE]!;
    this.distinct = allBits >= 128 && PAIR.test(text) ? new Set(text).size : spread.distinct;
    this.entropy = spread.entropy;
    this.rarity = rarity(text);
    this.longestWord = longestWord;
    this.changes = changes / Math.max(1, text.length);
    this.#text = text;
  }

  /** Read when it is first asked for: a first look does without it. */
  get kind(): ValueKind {
    this.#kind ??= KINDS.find(([, pattern]) => pattern.test(this.#text))?.[0] ?? 'other';
    return this.#kind;
  }
}

/** A character of two UTF-16 code units. */
const PAIR = /[\ud800-\udfff]/;
