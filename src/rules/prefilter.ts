/** Called for every occurrence of a keyword: its number in the list and where it starts. */
export type OnHit = (keyword: number, start: number) => void;

/** Finds every occurrence of every keyword, ASCII case ignored. */
export interface Prefilter {
  readonly keywords: readonly string[];
  search(text: string, onHit: OnHit): void;
}

/** Texts up to this length (code units) are searched keyword by keyword until the table has been built. */
const SMALL_TEXT = 16_384;
/** So much text in small pieces makes the table worth its construction. */
const WORTH_A_TABLE = 262_144;

/**
 * A prefilter over `keywords` (lower-case ASCII). Small inputs, such as a commit, are searched with `indexOf`; an
 * Aho-Corasick table is built when the first large text comes. Both report the same hits, in another order.
 */
export function createPrefilter(keywords: readonly string[]): Prefilter {
  let table: Table | undefined;
  let seen = 0;
  return {
    keywords,
    search(text, onHit) {
      seen += text.length;
      if (!table && (text.length > SMALL_TEXT || seen > WORTH_A_TABLE)) table = buildTable(keywords);
      if (table) searchTable(table, text, onHit);
      else searchOneByOne(keywords, text, onHit);
    },
  };
}

function searchOneByOne(keywords: readonly string[], text: string, onHit: OnHit): void {
  const lower = lowerAscii(text);
  for (let k = 0; k < keywords.length; k++) {
    const keyword = keywords[k]!;
    for (let at = lower.indexOf(keyword); at >= 0; at = lower.indexOf(keyword, at + 1)) onHit(k, at);
  }
}

/** `toLowerCase` makes two characters of `İ` and a plain `k` of the Kelvin sign; offsets and hits must not move. */
function lowerAscii(text: string): string {
  return /[\u0130\u212a]/.test(text) ? text.replace(/[A-Z]+/g, (s) => s.toLowerCase()) : text.toLowerCase();
}

interface Table {
  /** UTF-16 code unit → column; column 0 is "in no keyword". */
  columns: Uint8Array;
  /** `next[state + column]`: states are row offsets. States from `firstHit` on end a keyword. */
  next: Int32Array;
  firstHit: number;
  width: number;
  /** Keywords that end in a state (by row number), own and by suffix. */
  hits: readonly (readonly number[])[];
  lengths: readonly number[];
  /** So many characters, the length of the longest keyword, tell the state behind them. */
  longest: number;
}

/** Code units of a text that are searched in one go, in four parts side by side. */
const PART = 2048;
const PARTS = 4;

/**
 * Each step waits for the one before to know its state. So four parts of the text are searched at the same time, and what
 * is found in the later ones is kept until its turn comes: hits are told in the order in which they end.
 */
function searchTable(table: Table, text: string, onHit: OnHit): void {
  const { columns, next, firstHit } = table;
  const { length } = text;
  const later: [number[], number[], number[]] = [[], [], []];
  let a = 0;
  let at = 0;
  for (; length - at >= PARTS * PART; at += PARTS * PART) {
    let b = stateAt(table, text, at + PART);
    let c = stateAt(table, text, at + 2 * PART);
    let d = stateAt(table, text, at + 3 * PART);
    for (let i = at; i < at + PART; i++) {
      a = next[a + columns[text.charCodeAt(i)]!]!;
      b = next[b + columns[text.charCodeAt(i + PART)]!]!;
      c = next[c + columns[text.charCodeAt(i + 2 * PART)]!]!;
      d = next[d + columns[text.charCodeAt(i + 3 * PART)]!]!;
      if (a >= firstHit) report(table, { state: a, end: i + 1 }, onHit);
      if (b >= firstHit) later[0].push(b, i + PART + 1);
      if (c >= firstHit) later[1].push(c, i + 2 * PART + 1);
      if (d >= firstHit) later[2].push(d, i + 3 * PART + 1);
    }
    for (const ends of later) {
      for (let i = 0; i < ends.length; i += 2) report(table, { state: ends[i]!, end: ends[i + 1]! }, onHit);
      ends.length = 0;
    }
    a = d;
  }
  for (let i = at; i < length; i++) {
    a = next[a + columns[text.charCodeAt(i)]!]!;
    if (a >= firstHit) report(table, { state: a, end: i + 1 }, onHit);
  }
}

/** The state in front of a place. */
function stateAt({ columns, next, longest }: Table, text: string, place: number): number {
  let state = 0;
  for (let i = Math.max(0, place - longest); i < place; i++) state = next[state + columns[text.charCodeAt(i)]!]!;
  return state;
}

function report({ hits, width, lengths }: Table, { state, end }: { state: number; end: number }, onHit: OnHit): void {
  for (const keyword of hits[state / width]!) onHit(keyword, end - lengths[keyword]!);
}

function buildTable(keywords: readonly string[]): Table {
  const columns = new Uint8Array(0x10000);
  let width = 1;
  for (const keyword of keywords) {
    for (let i = 0; i < keyword.length; i++) {
      const code = keyword.charCodeAt(i);
      if (columns[code] === 0) columns[code] = width++;
    }
  }
  for (let code = 65; code <= 90; code++) columns[code] = columns[code + 32]!;

  // The trie, then failure links breadth first; `go` becomes the complete transition function.
  const go: Int32Array[] = [new Int32Array(width)];
  const own: number[][] = [[]];
  keywords.forEach((keyword, k) => {
    let state = 0;
    for (let i = 0; i < keyword.length; i++) {
      const column = columns[keyword.charCodeAt(i)]!;
      if (go[state]![column] === 0) {
        go[state]![column] = go.length;
        go.push(new Int32Array(width));
        own.push([]);
      }
      state = go[state]![column]!;
    }
    own[state]!.push(k);
  });
  const fail = new Int32Array(go.length);
  const order = [...go[0]!].filter((s) => s > 0);
  for (let head = 0; head < order.length; head++) {
    const state = order[head]!;
    const fallback = fail[state]!;
    if (own[fallback]!.length > 0) own[state] = [...own[state]!, ...own[fallback]!];
    for (let column = 0; column < width; column++) {
      const target = go[state]![column]!;
      if (target > 0) {
        fail[target] = go[fallback]![column]!;
        order.push(target);
      } else go[state]![column] = go[fallback]![column]!;
    }
  }

  // Renumber: states that end a keyword come last, so that the inner loop needs one comparison.
  const all = [0, ...order];
  const sorted = [...all.filter((s) => own[s]!.length === 0), ...all.filter((s) => own[s]!.length > 0)];
  const row = new Int32Array(go.length);
  sorted.forEach((state, i) => {
    row[state] = i * width;
  });
  const next = new Int32Array(go.length * width);
  sorted.forEach((state, i) => {
    for (let column = 0; column < width; column++) next[i * width + column] = row[go[state]![column]!]!;
  });
  const quiet = all.filter((s) => own[s]!.length === 0).length;
  return {
    columns,
    next,
    width,
    firstHit: quiet * width,
    hits: sorted.map((s) => own[s]!),
    lengths: keywords.map((k) => k.length),
    longest: keywords.reduce((most, { length }) => Math.max(most, length), 0),
  };
}
