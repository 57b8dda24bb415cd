import { createHash } from 'node:crypto';

/** Chance that can be repeated: the same seed gives the same numbers on every machine. */
export interface Random {
  /** 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number;
  pick<T>(list: readonly T[]): T;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** `length` characters of `alphabet`. */
  text(alphabet: string, length: number): string;
}

/** Numbers by sfc32, started from the SHA-256 of `seed`: near seeds give unrelated numbers. */
export function randomOf(seed: string): Random {
  const hash = createHash('sha256').update(seed, 'utf8').digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => hash.readInt32LE(at)) as [number, number, number, number];
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[int(list.length)]!;
    },
    chance: (p) => next() < p,
    text: (alphabet, length) => Array.from({ length }, () => alphabet[int(alphabet.length)]!).join(''),
  };
}

/** A number from 0 to 1 that depends on `text` alone: for samples that do not depend on the order of what is sampled. */
export function lot(text: string): number {
  return createHash('sha256').update(text, 'utf8').digest().readUInt32BE(0) / 4294967296;
}
