import { describe, expect, it, vi } from 'vitest';
import { createPrefilter } from '../../src/rules/prefilter.ts';

const LARGE = 16_385;

/** `keyword@start` for every hit, in one order. */
function hits(prefilter: ReturnType<typeof createPrefilter>, text: string): string[] {
  const found: string[] = [];
  prefilter.search(text, (keyword, start) => found.push(`${prefilter.keywords[keyword]}@${start}`));
  return found.sort();
}

/** Searches `text` as a small text would be, and as a part of a large input would be. */
function bothWays(keywords: readonly string[], text: string): [oneByOne: string[], table: string[]] {
  const withTable = createPrefilter(keywords);
  withTable.search(' '.repeat(LARGE), () => {});
  return [hits(createPrefilter(keywords), text), hits(withTable, text)];
}

/** What the search has to find, said in the plainest way. */
function expected(keywords: readonly string[], text: string): string[] {
  const lower = text.replace(/[A-Z]/g, (c) => c.toLowerCase());
  return keywords
    .flatMap((keyword) =>
      Array.from({ length: text.length }, (_, i) => i)
        .filter((i) => lower.startsWith(keyword, i))
        .map((i) => `${keyword}@${i}`),
    )
    .sort();
}

/** Numbers that look random and are the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
}

const KEYWORDS = ['key', 'keyring', 'ring', 'in', 'aa', 'aaa', 'api_key', '_key', '://', 'ab-c', '1a', '.s3'];

describe('createPrefilter', () => {
  it('reports every occurrence, of keywords inside others and over each other too', () => {
    const text = 'Keyring API_KEY aaaa x://y 1A ab-C in.s3';
    const found = [
      ...['1a@27', '://@22', '_key@11', 'key@0', 'key@12', 'keyring@0', 'ring@3', 'in@4', 'in@35', 'api_key@8'],
      ...['aa@16', 'aa@17', 'aa@18', 'aaa@16', 'aaa@17', 'ab-c@30', '.s3@37'],
    ].sort();
    const [oneByOne, table] = bothWays(KEYWORDS, text);
    expect(oneByOne).toEqual(found);
    expect(table).toEqual(found);
  });

  it('finds the same with and without the table, in any text', () => {
    const next = random(7);
    const letters = [...'aAbBkKeEyYrRiInNgG_-:/.sS31 \n', 'é', 'İ', 'ı', '\u212a', 'ſ', '😀', '\ud83d', '\u0000', '￿'];
    let seen = 0;
    for (let round = 0; round < 120; round++) {
      let text = '';
      for (let n = next(300); n > 0; n--) {
        text += next(6) === 0 ? KEYWORDS[next(KEYWORDS.length)]! : letters[next(letters.length)]!;
      }
      const [oneByOne, table] = bothWays(KEYWORDS, text);
      const right = expected(KEYWORDS, text);
      expect({ text, found: oneByOne }).toEqual({ text, found: right });
      expect({ text, found: table }).toEqual({ text, found: right });
      seen += right.length;
    }
    expect(seen).toBeGreaterThan(1000);
  });

  it('finds keywords in long texts wherever they stand, in the order in which they end', () => {
    const prefilter = createPrefilter(['key', 'keyring', 'ring']);
    for (const filler of [' ', 'k', 'é', '中']) {
      for (const length of [2047, 2048, 8191, 16_384, 20_000, 40_001]) {
        const places = [0, 505, 511, 512, 1021, 2041, 2047, 2048, 4093, 4999, 6143, 8190, 8192, 9_999, 12_285, 16_380];
        for (const place of [...places, 16_384, 20_475, 32_765, 36_860, length - 7]) {
          const at = Math.min(place, length - 7);
          const text = `${filler.repeat(at)}KeyRing${filler.repeat(length - 7 - at)}`;
          const found: string[] = [];
          prefilter.search(filler.repeat(LARGE), () => {});
          prefilter.search(text, (keyword, start) => found.push(`${prefilter.keywords[keyword]}@${start}`));
          expect({ filler, length, at, found }).toEqual({
            ...{ filler, length, at },
            found: [`key@${at}`, `keyring@${at}`, `ring@${at + 3}`],
          });
        }
      }
    }
    const many: number[] = [];
    prefilter.search('key '.repeat(10_000), (_, start) => many.push(start));
    expect(many).toEqual(Array.from({ length: 10_000 }, (_, i) => 4 * i));
  });

  it('finds a keyword at every character', () => {
    for (const other of ['key', 'x'.repeat(6000)]) {
      const prefilter = createPrefilter(['a', other]);
      const starts: number[] = [];
      prefilter.search('a'.repeat(40_000), (_, start) => starts.push(start));
      expect(starts).toEqual(Array.from({ length: 40_000 }, (_, i) => i));
    }
  });

  it('finds keywords that are longer than the parts in which a text is read', () => {
    for (const long of ['x'.repeat(700), `${'xy'.repeat(2500)}z`, `${'y'.repeat(40_000)}x`]) {
      const text = `${' '.repeat(3000)}${long}${long}xy${long} key`;
      const [oneByOne, table] = bothWays(['key', long], text);
      expect(oneByOne.length).toBeGreaterThan(3);
      expect(table).toEqual(oneByOne);
    }
  });

  it.each([
    ['İ before it, which grows when it is made lower case', 'İİ KEY', ['key@3']],
    ['a Kelvin sign, which is no K', '\u212aEY KEY', ['key@4']],
    ['a dotless i', 'rıng RING', ['ring@5']],
    ['a character outside the basic plane before it', '😀KEY', ['key@2']],
    ['a character with the low byte of a letter', 'ŋey key', ['key@4']],
  ])('is not led astray by %s', (_, text, found) => {
    expect(bothWays(['key', 'ring'], text)).toEqual([found, found]);
  });

  it('has nothing to find without text or without keywords', () => {
    expect(bothWays(KEYWORDS, '')).toEqual([[], []]);
    expect(bothWays([], 'key')).toEqual([[], []]);
  });

  it('keeps the number of a keyword that is there twice', () => {
    const found: number[] = [];
    createPrefilter(['key', 'key']).search('key', (keyword) => found.push(keyword));
    const large: number[] = [];
    createPrefilter(['key', 'key']).search(`key${' '.repeat(LARGE)}`, (keyword) => large.push(keyword));
    expect([found, large]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('reads a large text once instead of once for each keyword', () => {
    const prefilter = createPrefilter(KEYWORDS);
    const small = `key ${' '.repeat(LARGE - 5)}`;
    const indexOf = vi.spyOn(String.prototype, 'indexOf');
    const passes = (text: string) => {
      indexOf.mockClear();
      let found = 0;
      prefilter.search(text, () => found++);
      const { length } = indexOf.mock.calls;
      return { found, oneByOne: length > 0 };
    };
    try {
      expect(passes(small)).toEqual({ found: 1, oneByOne: true });
      expect(passes(`${small} `)).toEqual({ found: 1, oneByOne: false });
      // Once it is there, the table serves small texts too.
      expect(passes('key')).toEqual({ found: 1, oneByOne: false });
    } finally {
      indexOf.mockRestore();
    }
  });

  it.each([
    { length: 10_000, pieces: 24 },
    { length: 3, pieces: 509 },
  ])('builds the table for many small texts, too: after $pieces of $length characters', ({ length, pieces }) => {
    const prefilter = createPrefilter(['key']);
    const piece = `key${' '.repeat(length - 3)}`;
    const indexOf = vi.spyOn(String.prototype, 'indexOf');
    try {
      const modes = Array.from({ length: pieces + 4 }, () => {
        indexOf.mockClear();
        let found = 0;
        prefilter.search(piece, () => found++);
        return `${found} ${indexOf.mock.calls.length > 0}`;
      });
      expect(modes).toEqual([...Array(pieces).fill('1 true'), ...Array(4).fill('1 false')]);
    } finally {
      indexOf.mockRestore();
    }
  });
});
