import { Refusal } from './limits.ts';

/** Half: the probability, in 2048ths, that everything starts with. */
const EVEN = 1024;
const STATES = 12;
const POSITIONS = 16;
/** Lengths that are told by three bits after a choice, then three more, then eight. */
const SHORT = 8;
const LONG = 256;
const LENGTH_CODES = 2 + POSITIONS * SHORT * 2 + LONG;
const SLOTS = 64;
const LAST_DIRECT_SLOT = 14;
const ALIGN = 16;
/** A dictionary is held in memory: this much is what `xz -9` uses. */
export const LARGEST_DICTIONARY = 64 * 1024 * 1024;
const LONGEST_MATCH = 273;
/** The distance that stands for the end of a stream. */
const END_MARK = 0xffffffff;
/** The longest that one chunk can unpack to. */
const LARGEST_CHUNK = 2 * 1024 * 1024;

/** A decoder of the chunks of one LZMA2 stream. What it returns is a copy. */
export interface Lzma2 {
  resetDictionary(): void;
  /** Takes the byte that tells how many bits of context are used. */
  setProperties(byte: number): void;
  resetState(): void;
  /** Takes a chunk that is not compressed. */
  copy(data: Buffer): Buffer;
  /** Unpacks a chunk to `size` bytes. @throws Refusal when it is damaged */
  decode(data: Buffer, size: number): Buffer;
  /** Unpacks a stream that is not cut into chunks, to `size` bytes or to its end mark. Starts from a fresh state. */
  stream(data: Buffer, size: number): Generator<Buffer, void>;
}

/** Makes a decoder with a dictionary of that many bytes. */
export function createLzma2(dictionary: number): Lzma2 {
  const window = Buffer.alloc(dictionary + 2 * LARGEST_CHUNK);
  let position = 0;
  let start = 0;
  let literalContext = 3;
  let literalPosition = 0;
  let positionBits = 2;
  let state = 0;
  let distances = [0, 0, 0, 0];
  let counted = 0;

  const probabilities = (count: number) => new Uint16Array(count);
  let literals = probabilities(0x300 << 4);
  const isMatch = probabilities(STATES * POSITIONS);
  const isRepeat = probabilities(STATES);
  const isRepeat0 = probabilities(STATES);
  const isRepeat1 = probabilities(STATES);
  const isRepeat2 = probabilities(STATES);
  const isRepeat0Long = probabilities(STATES * POSITIONS);
  const slots = probabilities(4 * SLOTS);
  const special = probabilities(128);
  const align = probabilities(ALIGN);
  const matchLengths = probabilities(LENGTH_CODES);
  const repeatLengths = probabilities(LENGTH_CODES);

  let input: Buffer = Buffer.alloc(0);
  let at = 0;
  let range = 0;
  let code = 0;

  function bit(table: Uint16Array, index: number): number {
    const probability = table[index]!;
    const bound = (range >>> 11) * probability;
    let value: number;
    if (code < bound) {
      range = bound;
      table[index] = probability + ((2048 - probability) >> 5);
      value = 0;
    } else {
      range -= bound;
      code -= bound;
      table[index] = probability - (probability >> 5);
      value = 1;
    }
    if (range < 0x1000000) shift();
    return value;
  }

  /** Reading past the end gives zeros; it is noticed at the end of the chunk. */
  function shift(): void {
    range = (range << 8) >>> 0;
    code = ((code << 8) | (at < input.length ? input[at]! : 0)) >>> 0;
    at++;
  }

  function direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      range >>>= 1;
      const one = code >= range ? 1 : 0;
      if (one) code -= range;
      value = value * 2 + one;
      if (range < 0x1000000) shift();
    }
    return value;
  }

  function tree(table: Uint16Array, { from, bits }: { from: number; bits: number }): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | bit(table, from + node);
    return node - (1 << bits);
  }

  function reverseTree(table: Uint16Array, { from, bits }: { from: number; bits: number }): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const one = bit(table, from + node);
      node = (node << 1) | one;
      value |= one << i;
    }
    return value;
  }

  function literal(): void {
    const before = position > start ? window[position - 1]! : 0;
    const context = ((counted & ((1 << literalPosition) - 1)) << literalContext) + (before >> (8 - literalContext));
    const from = 0x300 * context;
    let symbol = 1;
    if (state >= 7) {
      let match = window[position - distances[0]! - 1] ?? 0;
      while (symbol < 0x100) {
        const wanted = (match >> 7) & 1;
        match <<= 1;
        const one = bit(literals, from + ((1 + wanted) << 8) + symbol);
        symbol = (symbol << 1) | one;
        if (one !== wanted) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | bit(literals, from + symbol);
    window[position++] = symbol & 0xff;
    counted++;
    state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  function lengthFrom(table: Uint16Array, place: number): number {
    if (bit(table, 0) === 0) return 2 + tree(table, { from: 2 + place * SHORT, bits: 3 });
    if (bit(table, 1) === 0) return 10 + tree(table, { from: 2 + (POSITIONS + place) * SHORT, bits: 3 });
    return 18 + tree(table, { from: 2 + 2 * POSITIONS * SHORT, bits: 8 });
  }

  function distance(length: number): number {
    const slot = tree(slots, { from: Math.min(length - 2, 3) * SLOTS, bits: 6 });
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const high = (2 | (slot & 1)) * 2 ** bits;
    if (slot < LAST_DIRECT_SLOT) return high + reverseTree(special, { from: high - slot, bits });
    return high + direct(bits - 4) * 16 + reverseTree(align, { from: 0, bits: 4 });
  }

  /** Reads what a match refers to, and returns how long it is. */
  function match(place: number): number {
    if (bit(isRepeat, state) === 0) {
      const length = lengthFrom(matchLengths, place);
      state = state < 7 ? 7 : 10;
      distances = [distance(length), distances[0]!, distances[1]!, distances[2]!];
      return length;
    }
    if (bit(isRepeat0, state) === 0) {
      if (bit(isRepeat0Long, state * POSITIONS + place) === 0) {
        state = state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      const which = bit(isRepeat1, state) === 0 ? 1 : bit(isRepeat2, state) === 0 ? 2 : 3;
      const [taken] = distances.splice(which, 1);
      distances.unshift(taken!);
    }
    const length = lengthFrom(repeatLengths, place);
    state = state < 7 ? 8 : 11;
    return length;
  }

  /** Makes room for a chunk: what is further back than the dictionary reaches is dropped. */
  function reserve(): void {
    if (position + LARGEST_CHUNK <= window.length) return;
    const from = Math.max(start, position - dictionary);
    window.copyWithin(0, from, position);
    position -= from;
    start = 0;
  }

  function begin(data: Buffer): void {
    input = data;
    at = 5;
    range = 0xffffffff;
    code = data.length >= 5 ? data.readUInt32BE(1) : 0;
  }

  /** Unpacks to `end`, or, if it is open, up to a match further; false where a stream ends. */
  function run(end: number, isOpen: boolean): boolean {
    while (position < end) {
      const place = counted & ((1 << positionBits) - 1);
      if (bit(isMatch, state * POSITIONS + place) === 0) {
        literal();
        if (isOpen && at > input.length) return false;
        continue;
      }
      const length = match(place);
      if (isOpen && (distances[0] === END_MARK || at > input.length)) return false;
      const back = distances[0]! + 1;
      if (back > position - start || (!isOpen && position + length > end) || at > input.length + 5) throw damaged();
      for (let i = 0; i < length; i++, position++) window[position] = window[position - back]!;
      counted += length;
    }
    return true;
  }

  return {
    resetDictionary() {
      start = position;
      counted = 0;
    },
    setProperties(byte) {
      if (byte >= 225) throw damaged();
      literalContext = byte % 9;
      literalPosition = Math.floor(byte / 9) % 5;
      positionBits = Math.floor(byte / 45);
      if (literalContext + literalPosition > 4) throw damaged();
    },
    resetState() {
      state = 0;
      distances = [0, 0, 0, 0];
      literals = new Uint16Array(0x300 << (literalContext + literalPosition));
      const tables = [isMatch, isRepeat, isRepeat0, isRepeat1, isRepeat2, isRepeat0Long];
      for (const table of [literals, ...tables, slots, special, align, matchLengths, repeatLengths]) table.fill(EVEN);
    },
    copy(data) {
      reserve();
      data.copy(window, position);
      position += data.length;
      counted += data.length;
      return Buffer.from(data);
    },
    decode(data, size) {
      reserve();
      begin(data);
      const first = position;
      run(position + size, false);
      if (at > input.length) throw damaged();
      return Buffer.from(window.subarray(first, position));
    },
    *stream(data, size) {
      begin(data);
      let more = true;
      let failure: { error: unknown } | undefined;
      for (let left = size; more && left > 0; ) {
        reserve();
        const first = position;
        try {
          more = run(position + Math.min(left, LARGEST_CHUNK - LONGEST_MATCH), true);
        } catch (error) {
          failure = { error };
          more = false;
        }
        left -= position - first;
        // What comes before damage counts.
        if (position > first) yield Buffer.from(window.subarray(first, position));
      }
      if (failure) throw failure.error;
      if (at > input.length) throw new Refusal('cut off: only its start was looked at');
    },
  };
}

function damaged(): Refusal {
  return new Refusal('damaged: only what comes before the damage was looked at');
}
