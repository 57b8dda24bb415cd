import { describe, expect, it } from 'vitest';
import { remembered, rememberedByHash } from '../../src/util/remembered.ts';
import { TextHash } from '../../src/util/text-hash.ts';

const hashOf = (text: string) => new TextHash().text(text);

describe('what is remembered', () => {
  it('is asked once, whatever the answer', () => {
    let asked = 0;
    const lengthOf = remembered((text) => {
      asked++;
      return text === '' ? undefined : text.length;
    });
    expect(['', 'a', '', 'a'].map(lengthOf)).toEqual([undefined, 1, undefined, 1]);
    expect(asked).toBe(2);
  });

  it('is nothing about a text that is too long', () => {
    let asked = 0;
    const lengthOf = remembered(
      (text) => {
        asked++;
        return text.length;
      },
      { longest: 2 },
    );
    expect(['ab', 'ab', 'abc', 'abc'].map(lengthOf)).toEqual([2, 2, 3, 3]);
    expect(asked).toBe(3);
  });

  it('by hash is what was answered last', () => {
    const known = rememberedByHash<string | null>(10);
    expect(known.get(hashOf('a'))).toBeUndefined();
    known.set(hashOf('a'), null);
    expect(known.get(hashOf('a'))).toBeNull();
    known.set(hashOf('a'), 'other');
    expect(known.get(hashOf('a'))).toBe('other');
  });

  it('by hash is nothing that has half a hash in common', () => {
    const known = rememberedByHash<string>(10);
    const hash = hashOf('a');
    known.set(hash, 'answer');
    const alike = hashOf('b');
    alike.first = hash.first;
    expect(known.get(alike)).toBeUndefined();
  });

  it('is the half of the most that was asked last, and no more than all of it', () => {
    const known = rememberedByHash<number>(10);
    const isKnown = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => known.get(hashOf(`${from + i}`)) !== undefined);
    known.set(hashOf('0'), 0);
    for (let i = 1; i < 100; i++) {
      known.set(hashOf(`${i}`), i);
      expect(known.get(hashOf('0'))).toBe(0);
    }
    expect(isKnown(96, 100)).toEqual([true, true, true, true]);
    expect(isKnown(1, 90)).not.toContain(true);
  });
});
