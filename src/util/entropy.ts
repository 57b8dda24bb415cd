/** How many different code units a text has, and how evenly they are spread. */
export interface CharSpread {
  distinct: number;
  /** Shannon entropy in bits per UTF-16 code unit; 0 for an empty text. */
  entropy: number;
}

/** Counts by code unit, and the code units that have one in the order in which they came up. */
const counts = new Uint32Array(65_536);
const met = new Uint16Array(65_536);

/** Short texts are counted over and over: `share × log2(share)` by length and count, 0 where nobody has asked yet. */
const SHORT = 64;
const known = new Float64Array(SHORT * SHORT);

function bitsOf(count: number, length: number): number {
  const share = count / length;
  // The first place is used anew for each of the long ones.
  const at = length < SHORT ? length * SHORT + count : 0;
  if (at === 0 || known[at] === 0) known[at] = share * Math.log2(share);
  return known[at]!;
}

export function charSpread(text: string): CharSpread {
  let distinct = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (counts[code]!++ === 0) met[distinct++] = code;
  }
  let bits = 0;
  for (let i = 0; i < distinct; i++) {
    const code = met[i]!;
    bits -= bitsOf(counts[code]!, text.length);
    counts[code] = 0;
  }
  return { distinct, entropy: bits };
}

/** Shannon entropy of `text` in bits per UTF-16 code unit; 0 for an empty text. */
export function entropy(text: string): number {
  return charSpread(text).entropy;
}
