/** How many different code units a text has, and how evenly they are spread. */
export interface CharSpread {
  distinct: number;
  /** Shannon entropy in bits per UTF-16 code unit; 0 for an empty text. */
  entropy: number;
}

/** Counts by code unit, and the code units that have one in the order in which they came up. */
const counts = new Uint32Array(65_536);
const met = new Uint16Array(65_536);

export function charSpread(text: string): CharSpread {
  let distinct = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (counts[code]!++ === 0) met[distinct++] = code;
  }
  let bits = 0;
  for (let i = 0; i < distinct; i++) {
    const share = counts[met[i]!]! / text.length;
    bits -= share * Math.log2(share);
    counts[met[i]!] = 0;
  }
  return { distinct, entropy: bits };
}

/** Shannon entropy of `text` in bits per UTF-16 code unit; 0 for an empty text. */
export function entropy(text: string): number {
  return charSpread(text).entropy;
}
