import { Refusal } from './limits.ts';

/** How far back a copy may reach. */
const HISTORY = 65_536;
const LONGEST_COPY = 65_538;
const STEP = 1_048_576;
const LONGEST_CODE = 15;
const END_OF_BLOCK = 256;
/** Bits that follow the symbol of a length, and that of a distance: as in deflate, but for the last ones. */
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 16];
const DISTANCE_BITS = Array.from({ length: 32 }, (_, i) => Math.max(0, (i >> 1) - 1));
const LENGTHS = [...starts(3, LENGTH_BITS.slice(0, -1)), 3];
const DISTANCES = starts(1, DISTANCE_BITS);
/** The order in which the lengths of the codes for lengths come. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A Huffman code: how many symbols have a code of each length, and the symbols in the order of their codes. */
interface Code {
  counts: Uint16Array;
  symbols: Uint16Array;
}

/** Where each range of numbers begins, when `bits` tell how large each is. */
function starts(first: number, bits: readonly number[]): number[] {
  const found: number[] = [];
  for (const count of bits) {
    found.push(first);
    first += 2 ** count;
  }
  return found;
}

/** Unpacks what zip calls Deflate64, as pieces of about a megabyte. What comes before damage comes out. */
export function* inflate64(bytes: Buffer): Generator<Buffer, void> {
  const window = Buffer.alloc(HISTORY + STEP + LONGEST_COPY);
  let position = 0;
  let given = 0;
  let total = 0;
  let at = 0;
  let held = 0;
  let have = 0;

  function take(count: number): number {
    while (have < count) {
      if (at >= bytes.length) throw new Refusal('cut off: only its start was looked at');
      held |= bytes[at++]! << have;
      have += 8;
    }
    const value = held & ((1 << count) - 1);
    held >>>= count;
    have -= count;
    return value;
  }

  function symbolOf({ counts, symbols }: Code): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= LONGEST_CODE; length++) {
      code |= take(1);
      const count = counts[length]!;
      if (code - count < first) return symbols[index + code - first]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw damaged();
  }

  function codesOf(): [Code, Code] {
    const literals = take(5) + 257;
    const distances = take(5) + 1;
    const lengths = new Uint8Array(19);
    for (let i = take(4) + 4, k = 0; k < i; k++) lengths[ORDER[k]!] = take(3);
    const code = codeOf(lengths);
    const all = new Uint8Array(literals + distances);
    for (let i = 0; i < all.length; ) {
      const symbol = symbolOf(code);
      if (symbol < 16) {
        all[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw damaged();
      const repeated = symbol === 16 ? all[i - 1]! : 0;
      const count = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
      if (i + count > all.length) throw damaged();
      all.fill(repeated, i, i + count);
      i += count;
    }
    return [codeOf(all.subarray(0, literals)), codeOf(all.subarray(literals))];
  }

  function put(byte: number): void {
    window[position++] = byte;
    total++;
  }

  function copy(symbol: number, distances: Code): void {
    const index = symbol - END_OF_BLOCK - 1;
    const length = LENGTHS[index]! + take(LENGTH_BITS[index]!);
    const slot = symbolOf(distances);
    const distance = DISTANCES[slot]! + take(DISTANCE_BITS[slot]!);
    if (distance > total) throw damaged();
    for (let i = 0; i < length; i++) put(window[position - distance]!);
  }

  /** What was made since the last piece; the history moves to the front. */
  function piece(): Buffer {
    const made = Buffer.from(window.subarray(given, position));
    const from = Math.max(0, position - HISTORY);
    window.copyWithin(0, from, position);
    position -= from;
    given = position;
    return made;
  }

  const isFull = () => position - given >= STEP;

  function* block(type: number): Generator<Buffer, void> {
    if (type === 0) {
      held = 0;
      have = 0;
      const length = take(16);
      if ((take(16) ^ length) !== 0xffff) throw damaged();
      for (let i = 0; i < length; i++) put(take(8));
      if (isFull()) yield piece();
      return;
    }
    if (type === 3) throw damaged();
    const [literals, distances] = type === 1 ? FIXED : codesOf();
    for (let symbol = symbolOf(literals); symbol !== END_OF_BLOCK; symbol = symbolOf(literals)) {
      if (symbol > 285) throw damaged();
      if (symbol < END_OF_BLOCK) put(symbol);
      else copy(symbol, distances);
      if (isFull()) yield piece();
    }
  }

  try {
    for (let last = false; !last; ) {
      last = take(1) === 1;
      yield* block(take(2));
    }
  } catch (error) {
    if (position > given) yield piece();
    throw error;
  }
  if (position > given) yield piece();
}

function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(LONGEST_CODE + 1);
  for (const length of lengths) if (length > 0) counts[length]!++;
  const places = new Uint16Array(LONGEST_CODE + 2);
  for (let length = 1; length <= LONGEST_CODE; length++) places[length + 1] = places[length]! + counts[length]!;
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length > 0) symbols[places[length]!++] = symbol;
  });
  return { counts, symbols };
}

const FIXED: [Code, Code] = [
  codeOf(Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
  codeOf(new Uint8Array(32).fill(5)),
];

function damaged(): Refusal {
  return new Refusal('damaged: only what comes before the damage was looked at');
}
