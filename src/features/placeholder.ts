import { isSpace } from '../util/characters.ts';
import { nameWords } from './name.ts';

/** Words that say "put your own value here", or that an author of examples would write. */
const PLACEHOLDER_WORDS =
  /example|sample|changeme|change[-_ ]?(?:me|it|this)|placeholder|replace[-_ ]?(?:me|this|with)|insert|your[-_ ]?|\bmy[-_ ]|dummy|fake|foobar|foo\b|\bbar\b|\bbaz\b|todo|fixme|redacted|removed|masked|hidden|censored|not[-_ ]?(?:a[-_ ]?)?(?:real|secret|used|set)|undefined|unknown|default|some[-_ ]?|any[-_ ]?(?:thing|value)|\bnone\b|\bnull\b|\bnil\b|\btrue\b|\bfalse\b|enter[-_ ]|blah|asdf|qwerty|lorem|secret[-_ ]?(?:key|value|token|here)|(?:token|password|key|secret)[-_ ]?(?:here|value|goes)|xxx|\*\*\*|\.\.\.|…|<[^>]*>|abc123|abcdef|deadbeef|cafebabe|123456|00000/i;

/** Words of code that are no one's secret, alone or joined. */
const CODE_WORDS = new Set(
  'a access account add admin alias all api app application apps attr auth authentication authorization basic bearer bot bucket bytes cert certificate check class client cloud code config configuration cookie create credential credentials current custom data database db delete demo description dev digest dir email encrypted env error expired external false field file first foo from get global google group hash header hello host id in info input internal invalid is issuer item json jwt key keys label last local login mail master message method mode mongo my mysql name new no node none not null number oauth object of off ok old on one only option other owner param params pass passphrase passwd password passwords path pem phrase policy postgres prefix private prod profile project property provider public pwd query random read redis ref refresh region remote request required reset resource response rest result role root rsa salt schema scope second secret secrets secure security server service session set shared sign signature some source spec ssh ssl staging state static status str string subject super system tag target temp template test testing tests text the this time title tls to token tokens true two type undefined uri url use user username users uuid valid value values var version wrong x xxx yes your'.split(
    ' ',
  ),
);

/** The share of `value` that its longest run of five and more equal characters takes; 0 without one. */
function sameRun(value: string): number {
  let longest = 0;
  for (let i = 0; i < value.length; ) {
    const code = value.charCodeAt(i);
    const start = i++;
    while (i < value.length && value.charCodeAt(i) === code) i++;
    if (i - start > longest && code !== 0x2d && !isSpace(code)) longest = i - start;
  }
  return (longest >= 5 ? longest : 0) / value.length;
}

/** How a value repeats itself or runs along the alphabet. `run`: what `sameRun` says of it. */
function isMonotonous(value: string, run: number): boolean {
  if (/^(.{1,3})\1{2,}.?$/.test(value) || run >= 0.3) return true;
  let steps = 0;
  for (let i = 1; i < value.length; i++) {
    const step = value.charCodeAt(i) - value.charCodeAt(i - 1);
    if (step === 1 || step === -1 || step === 0) steps++;
  }
  return value.length >= 4 && steps / (value.length - 1) > 0.75;
}

export interface PlaceholderSense {
  /** It says that it is an example, or stands for a value to be put in. */
  word: boolean;
  /** Share of the value that is one character over and over, 0 to 1. */
  sameRun: number;
  /** `xxxxxxxx`, `12345678`, `abcdefgh`. */
  monotonous: boolean;
  /** Made only of words that code is full of: `test-user-password`. */
  codeWords: boolean;
  /** Nothing but the name again: `password = "password"`. */
  likeName: boolean;
}

/** Only the first 256 code units of `whole` are read. */
export function placeholderSense(whole: string, name: string | undefined): PlaceholderSense {
  return new Sense(whole.length > 256 ? whole.slice(0, 256) : whole, name);
}

/** What takes longer is read when it is first asked for: the repetitions settle many a value. */
class Sense implements PlaceholderSense {
  readonly sameRun: number;
  readonly monotonous: boolean;
  readonly #value: string;
  readonly #name: string | undefined;
  #word: boolean | undefined;
  #codeWords: boolean | undefined;
  #likeName: boolean | undefined;

  constructor(value: string, name: string | undefined) {
    this.sameRun = sameRun(value);
    this.monotonous = isMonotonous(value, this.sameRun);
    this.#value = value;
    this.#name = name;
  }

  get word(): boolean {
    this.#word ??= PLACEHOLDER_WORDS.test(this.#value);
    return this.#word;
  }

  get codeWords(): boolean {
    this.#codeWords ??= isOfCodeWords(this.#value);
    return this.#codeWords;
  }

  get likeName(): boolean {
    this.#likeName ??= isLike(this.#value, this.#name ?? '');
    return this.#likeName;
  }
}

function isOfCodeWords(value: string): boolean {
  const words = nameWords(value).replace(/\d+/g, '').split('_').filter(Boolean);
  return words.length > 0 && words.every((word) => CODE_WORDS.has(word));
}

/** Whether one of the two is the end of the other, letters alone. */
function isLike(value: string, name: string): boolean {
  const plain = value.toLowerCase().replace(/[^a-z]/g, '');
  const nameText = name.toLowerCase().replace(/[^a-z]/g, '');
  return plain.length >= 3 && nameText.length >= 3 && (nameText.endsWith(plain) || plain.endsWith(nameText));
}
