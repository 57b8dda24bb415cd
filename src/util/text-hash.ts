/** Long texts are copied to here, as many UTF-16 code units at a time, and read by twos. */
const PIECE = 2048;
const bytes = Buffer.alloc(2 * PIECE);
const pairs = new Int32Array(bytes.buffer, bytes.byteOffset, PIECE / 2);
/** Shorter texts are read sooner than they are copied. */
const WORTH_COPYING = 128;

/**
 * Two hashes of 32 bits of all that it is given, in its order. Others have both in common by accident only, one of 10¹⁹: of
 * 30,000 that are compared with each other two do so in one of 10¹⁰ scans.
 */
export class TextHash {
  first = 1;
  second = 2;

  number(number: number): this {
    this.first = turned(this.first ^ number);
    this.second = turnedOtherwise(this.second ^ number);
    return this;
  }

  /** Adds a part of `text`, all of it unless told, and its length: two rows of texts that differ are different to it. */
  text(text: string, start = 0, end: number = text.length): this {
    let { first, second } = this;
    if (end - start < WORTH_COPYING) {
      for (let i = start; i < end; i++) {
        const code = text.charCodeAt(i);
        first = turned(first ^ code);
        second = turnedOtherwise(second ^ code);
      }
    } else {
      for (let at = start; at < end; at += PIECE) {
        const length = bytes.write(text.slice(at, Math.min(end, at + PIECE)), 'utf16le') >> 1;
        if (length % 2 === 1) bytes.writeUInt16LE(0, 2 * length);
        for (let i = 0; i < length / 2; i++) {
          const pair = pairs[i]!;
          first = turned(first ^ pair);
          second = turnedOtherwise(second ^ pair);
        }
      }
    }
    this.first = first;
    this.second = second;
    return this.number(end - start);
  }

  /** Adds a text that there may be. */
  optional(text: string | undefined): this {
    return text === undefined ? this.number(-1) : this.text(text);
  }
}

function turned(bits: number): number {
  const product = Math.imul(bits, 0x9e3779b1);
  return (product << 13) | (product >>> 19);
}

function turnedOtherwise(bits: number): number {
  const product = Math.imul(bits, 0x85ebca6b);
  return (product << 7) | (product >>> 25);
}
