import type { OnHit } from './prefilter.ts';

/** Finds keywords in one pass, however many there are. */
export interface KeywordTable {
  /** UTF-16 code unit → column; column 0 is "in no keyword". */
  columns: Uint8Array;
  /** `next[state + column]`: states are row offsets. From `firstHit`, a power of two, on are those that end a keyword. */
  next: Int32Array;
  firstHit: number;
  width: number;
  /** Keywords that end in a state (by row from `firstHit` on), own and by suffix. */
  hits: readonly (readonly number[])[];
  lengths: readonly number[];
  /** So many characters, the length of the longest keyword, tell the state behind them. */
  longest: number;
}

/** Code units of a text that are searched in one go. */
const BLOCK = 16_384;
/** They are searched in so many parts side by side. */
const PARTS = 4;
/** Smaller parts are not worth it. */
const SMALLEST_PART = 512;

/**
 * Where texts are laid out to be read: a string is asked for its kind at each of its characters, so an array is faster, though
 * it takes a copy.
 */
interface Desk {
  units: Uint16Array;
  /** The same as bytes. */
  bytes: Buffer;
  isBigEndian: boolean;
  /** States that end a keyword, and where: for each part the pairs of it. */
  ends: readonly Int32Array[];
}

let desk: Desk | undefined;

function newDesk(): Desk {
  const units = new Uint16Array(BLOCK);
  // A keyword may end at every character. The first has room for a block that is not parted, too.
  const ends = Array.from({ length: PARTS }, (_, part) => new Int32Array(part === 0 ? 2 * BLOCK : (2 * BLOCK) / PARTS));
  const bytes = Buffer.from(units.buffer);
  units[0] = 1;
  return { units, bytes, isBigEndian: bytes[0] === 0, ends };
}

/** Tells all hits in the order in which they end. */
export function searchTable(table: KeywordTable, text: string, onHit: OnHit): void {
  desk ??= newDesk();
  // The state in front of a part is told by what stands in the part before it.
  const worthParts = PARTS * Math.max(SMALLEST_PART, table.longest);
  let state = 0;
  for (let from = 0; from < text.length; from += BLOCK) {
    const length = Math.min(BLOCK, text.length - from);
    desk.bytes.write(text.length > BLOCK ? text.slice(from, from + BLOCK) : text, 'utf16le');
    if (desk.isBigEndian) desk.bytes.swap16();
    const part = length >= worthParts ? Math.floor(length / PARTS) : 0;
    if (part > 0) state = searchParts(table, { desk, part, state, from }, onHit);
    state = searchRest(table, { desk, at: part * PARTS, length, state, from }, onHit);
  }
}

/**
 * Each step waits for the one before to know its state. So four parts are searched at the same time, and what is found is
 * kept until all are through. Answers with the state behind the last.
 */
function searchParts(
  table: KeywordTable,
  { desk, part, state, from }: { desk: Desk; part: number; state: number; from: number },
  onHit: OnHit,
): number {
  const { units, ends } = desk;
  const { columns, next, firstHit } = table;
  const [endsA, endsB, endsC, endsD] = ends as [Int32Array, Int32Array, Int32Array, Int32Array];
  let a = state;
  let b = stateAt(table, units, part);
  let c = stateAt(table, units, 2 * part);
  let d = stateAt(table, units, 3 * part);
  let inA = 0;
  let inB = 0;
  let inC = 0;
  let inD = 0;
  for (let i = 0; i < part; i++) {
    a = next[a + columns[units[i]!]!]!;
    b = next[b + columns[units[i + part]!]!]!;
    c = next[c + columns[units[i + 2 * part]!]!]!;
    d = next[d + columns[units[i + 3 * part]!]!]!;
    // One question for all four: most often none has found anything.
    if ((a | b | c | d) < firstHit) continue;
    if (a >= firstHit) {
      endsA[inA++] = a;
      endsA[inA++] = i + 1;
    }
    if (b >= firstHit) {
      endsB[inB++] = b;
      endsB[inB++] = i + part + 1;
    }
    if (c >= firstHit) {
      endsC[inC++] = c;
      endsC[inC++] = i + 2 * part + 1;
    }
    if (d >= firstHit) {
      endsD[inD++] = d;
      endsD[inD++] = i + 3 * part + 1;
    }
  }
  report(table, { ends: endsA, count: inA, from }, onHit);
  report(table, { ends: endsB, count: inB, from }, onHit);
  report(table, { ends: endsC, count: inC, from }, onHit);
  report(table, { ends: endsD, count: inD, from }, onHit);
  return d;
}

/** The state in front of a place that lies behind a whole part. */
function stateAt({ columns, next, longest }: KeywordTable, units: Uint16Array, place: number): number {
  let state = 0;
  for (let i = Math.max(0, place - longest); i < place; i++) state = next[state + columns[units[i]!]!]!;
  return state;
}

/** Searches what is left of a block. Answers with the state behind it. */
function searchRest(
  table: KeywordTable,
  rest: { desk: Desk; at: number; length: number; state: number; from: number },
  onHit: OnHit,
): number {
  const { desk, at, length, from } = rest;
  const { units } = desk;
  const { columns, next, firstHit } = table;
  const ends = desk.ends[0]!;
  let { state } = rest;
  let count = 0;
  for (let i = at; i < length; i++) {
    state = next[state + columns[units[i]!]!]!;
    if (state >= firstHit) {
      ends[count++] = state;
      ends[count++] = i + 1;
    }
  }
  report(table, { ends, count, from }, onHit);
  return state;
}

function report(table: KeywordTable, found: { ends: Int32Array; count: number; from: number }, onHit: OnHit): void {
  const { hits, width, lengths, firstHit } = table;
  const { ends, count, from } = found;
  for (let i = 0; i < count; i += 2) {
    const keywords = hits[(ends[i]! - firstHit) / width]!;
    const end = from + ends[i + 1]!;
    for (let k = 0; k < keywords.length; k++) onHit(keywords[k]!, end - lengths[keywords[k]!]!);
  }
}

/** An Aho-Corasick table for keywords in lower case. */
export function buildTable(keywords: readonly string[]): KeywordTable {
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

  // Renumber: states that end a keyword come last, from a power of two on, which what is or-ed of smaller ones never
  // reaches. The rows that are left free before it are never written, so they take no memory.
  const all = [0, ...order];
  const quiet = all.filter((s) => own[s]!.length === 0);
  const ending = all.filter((s) => own[s]!.length > 0);
  const firstHit = 2 ** Math.ceil(Math.log2(quiet.length * width));
  const row = new Int32Array(go.length);
  quiet.forEach((state, i) => {
    row[state] = i * width;
  });
  ending.forEach((state, i) => {
    row[state] = firstHit + i * width;
  });
  const next = new Int32Array(firstHit + ending.length * width);
  for (const state of all) {
    for (let column = 0; column < width; column++) next[row[state]! + column] = row[go[state]![column]!]!;
  }
  return {
    columns,
    next,
    width,
    firstHit,
    hits: ending.map((s) => own[s]!),
    lengths: keywords.map((k) => k.length),
    longest: keywords.reduce((most, { length }) => Math.max(most, length), 0),
  };
}
