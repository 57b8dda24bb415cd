import { Refusal } from './limits.ts';

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
const GROUP = 50;
const LONGEST_CODE = 20;
const RUN_A = 0;
const RUN_B = 1;
const STEP = 1_048_576;

/** A reader of bits, the highest one of a byte first. */
interface Bits {
  take(count: number): number;
  /** Goes on at the start of a byte. */
  align(): void;
  /** Bytes that are left. */
  left(): number;
}

/** A Huffman code: of each length the first code, and where its symbols start. */
interface Code {
  least: Int32Array;
  most: Int32Array;
  first: Int32Array;
  symbols: Uint16Array;
  shortest: number;
}

/** Unpacks bzip2 data, also several streams in a row, as pieces of up to about a megabyte. Checksums are not checked. */
export function* bunzip2(bytes: Buffer): Generator<Buffer, void> {
  const bits = bitsOf(bytes);
  while (bits.left() >= 4) {
    const header = bits.take(24);
    const level = bits.take(8) - 0x30;
    // Whatever follows the last stream is not part of it.
    if (header !== 0x425a68 || level < 1 || level > 9) return;
    for (;;) {
      const magic = bits.take(24) * 0x1000000 + bits.take(24);
      bits.take(32);
      if (magic === END_MAGIC) break;
      if (magic !== BLOCK_MAGIC) throw damaged();
      yield* block(bits, level * 100_000);
    }
    bits.align();
  }
}

function damaged(): Refusal {
  return new Refusal('damaged: only what comes before the damage was looked at');
}

function bitsOf(bytes: Buffer): Bits {
  let at = 0;
  let held = 0;
  let have = 0;
  const take = (count: number): number => {
    if (count > 24) return take(count - 16) * 65536 + take(16);
    while (have < count) {
      if (at >= bytes.length) throw new Refusal('cut off: only its start was looked at');
      held = ((held << 8) | bytes[at++]!) & 0x7fffffff;
      have += 8;
    }
    have -= count;
    const value = (held >>> have) & ((1 << count) - 1);
    held &= (1 << have) - 1;
    return value;
  };
  return {
    take,
    align() {
      have -= have % 8;
      held &= (1 << have) - 1;
    },
    left: () => bytes.length - at + (have >> 3),
  };
}

function* block(bits: Bits, size: number): Generator<Buffer, void> {
  if (bits.take(1) === 1) throw new Refusal('made by a very old version of bzip2: not supported');
  const origin = bits.take(24);
  const symbols = symbolsUsed(bits);
  const groups = bits.take(3);
  const selectorCount = bits.take(15);
  if (symbols.length === 0 || groups < 2 || groups > 6 || selectorCount === 0) throw damaged();
  const selectors = selectorsOf({ bits, groups, count: selectorCount });
  const codes = Array.from({ length: groups }, () => codeOf(bits, symbols.length + 2));
  const { data, length } = symbolsOf({ bits, symbols, selectors, codes, size });
  if (origin >= length) throw damaged();
  yield* unshuffled({ data, length, origin });
}

function symbolsUsed(bits: Bits): Uint8Array {
  const used: number[] = [];
  const rows = bits.take(16);
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = bits.take(16);
    for (let column = 0; column < 16; column++) if (columns & (0x8000 >> column)) used.push(row * 16 + column);
  }
  return Uint8Array.from(used);
}

function selectorsOf({ bits, groups, count }: { bits: Bits; groups: number; count: number }): Uint8Array {
  const recent = Array.from({ length: groups }, (_, i) => i);
  const selectors = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    let place = 0;
    while (bits.take(1) === 1) if (++place >= groups) throw damaged();
    const [selector] = recent.splice(place, 1);
    recent.unshift(selector!);
    selectors[i] = selector!;
  }
  return selectors;
}

function codeOf(bits: Bits, count: number): Code {
  const lengths = new Uint8Array(count);
  let length = bits.take(5);
  for (let symbol = 0; symbol < count; symbol++) {
    while (bits.take(1) === 1) {
      length += bits.take(1) === 1 ? -1 : 1;
      if (length < 1 || length > LONGEST_CODE) throw damaged();
    }
    if (length < 1 || length > LONGEST_CODE) throw damaged();
    lengths[symbol] = length;
  }
  const counts = new Int32Array(LONGEST_CODE + 2);
  for (const one of lengths) counts[one]!++;
  const code: Code = {
    least: new Int32Array(LONGEST_CODE + 1),
    most: new Int32Array(LONGEST_CODE + 1).fill(-1),
    first: new Int32Array(LONGEST_CODE + 1),
    symbols: new Uint16Array(count),
    shortest: lengths.reduce((a, b) => Math.min(a, b)),
  };
  let next = 0;
  let filled = 0;
  for (let bitsLong = 1; bitsLong <= LONGEST_CODE; bitsLong++) {
    code.least[bitsLong] = next;
    code.first[bitsLong] = filled;
    for (let symbol = 0; symbol < count; symbol++) if (lengths[symbol] === bitsLong) code.symbols[filled++] = symbol;
    next += counts[bitsLong]!;
    code.most[bitsLong] = next - 1;
    next <<= 1;
  }
  return code;
}

function symbolIn(bits: Bits, code: Code): number {
  let length = code.shortest;
  let value = bits.take(length);
  while (value > code.most[length]!) {
    if (++length > LONGEST_CODE) throw damaged();
    value = (value << 1) | bits.take(1);
  }
  return code.symbols[code.first[length]! + value - code.least[length]!] ?? 0;
}

/** Undoes the Huffman codes, the runs of the front symbol and the moving to the front. */
function symbolsOf(input: {
  bits: Bits;
  symbols: Uint8Array;
  selectors: Uint8Array;
  codes: readonly Code[];
  size: number;
}): { data: Uint32Array; length: number } {
  const { bits, symbols, selectors, codes, size } = input;
  const recent = Uint8Array.from(symbols);
  const data = new Uint32Array(size);
  const end = symbols.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  for (let group = 0; ; group++) {
    const code = codes[selectors[group] ?? codes.length];
    if (!code) throw damaged();
    for (let i = 0; i < GROUP; i++) {
      const symbol = symbolIn(bits, code);
      if (symbol === RUN_A || symbol === RUN_B) {
        run += weight << symbol;
        weight <<= 1;
        if (run > size) throw damaged();
        continue;
      }
      if (length + run + 1 > size && symbol !== end) throw damaged();
      if (length + run > size) throw damaged();
      data.fill(recent[0]!, length, length + run);
      length += run;
      run = 0;
      weight = 1;
      if (symbol === end) return { data, length };
      const place = symbol - 1;
      const byte = recent[place]!;
      recent.copyWithin(1, 0, place);
      recent[0] = byte;
      data[length++] = byte;
    }
  }
}

/** Undoes the sorting of the block, and the runs of equal bytes that were taken out before it. */
function* unshuffled({
  data,
  length,
  origin,
}: {
  data: Uint32Array;
  length: number;
  origin: number;
}): Generator<Buffer, void> {
  const starts = new Uint32Array(256);
  for (let i = 0; i < length; i++) starts[data[i]!]!++;
  for (let byte = 0, sum = 0; byte < 256; byte++) {
    const count = starts[byte]!;
    starts[byte] = sum;
    sum += count;
  }
  // The low byte is the symbol, the rest is where the next one stands.
  for (let i = 0; i < length; i++) data[starts[data[i]! & 0xff]!++]! |= i << 8;
  let out = Buffer.allocUnsafe(STEP);
  let filled = 0;
  let at = data[origin]! >>> 8;
  let last = -1;
  let same = 0;
  for (let i = 0; i < length; i++) {
    const entry = data[at]!;
    const byte = entry & 0xff;
    at = entry >>> 8;
    const isCount = same === 4;
    const wanted = isCount ? byte : 1;
    if (filled + wanted > STEP) {
      yield out.subarray(0, filled);
      out = Buffer.allocUnsafe(STEP);
      filled = 0;
    }
    if (isCount) out.fill(last, filled, filled + wanted);
    else out[filled] = byte;
    filled += wanted;
    same = isCount ? 0 : byte === last ? same + 1 : 1;
    last = isCount ? -1 : byte;
  }
  if (filled > 0) yield out.subarray(0, filled);
}
