import { describe, expect, it } from 'vitest';
import { longestMatch, requiredTexts } from '../../src/config/pattern/literals.ts';
import { parsePattern } from '../../src/config/pattern/parse.ts';

const tree = (source: string) => parsePattern(source, { dialect: 'any' }).tree;

describe('requiredTexts', () => {
  it.each<[pattern: string, best: string[] | undefined]>([
    ['ACME_[a-z]{4}_token_x', ['_token_x']],
    ['(?i)acme[_-]?key', ['acmekey', 'acme_key', 'acme-key']],
    ['(?:sk|pk)_live_[0-9]+', ['sk_live_', 'pk_live_']],
    ['colou?r', ['color', 'colour']],
    ['(?:foo[0-9]+|barbaz|[0-9]qux)', ['foo', 'barbaz', 'qux']],
    ['(?:foo|[a-z]+)', undefined],
    ['(?:foo)?[a-z]{20}', undefined],
    ['(?:foo)+[a-z]{20}', ['foo']],
    ['(?:ab){3}', ['ababab']],
    ['[a-z]{32}', undefined],
    ['ab[0-9]', undefined],
    ['clé_secrète', ['_secr']],
    ['(?<!x)tok_\\b(?=[a-z])', ['tok_']],
    ['(["\'])abc\\1defg', ['defg']],
  ])('%s', (source, best) => {
    const sets = requiredTexts(tree(source));
    expect(sets[0] && [...sets[0]].sort()).toEqual(best && [...best].sort());
  });

  it('never claims what a match lacks', () => {
    const texts: [string, string][] = [
      ['a?bcd|xyz', 'xyz'],
      ['(?i)Ab[cC]d?ef', 'aBcEF'],
      ['x(?:yz|[0-9])+w', 'x1yzw'],
      ['foo{2}bar', 'fooobar'],
      ['fo{0}o', 'fo'],
    ];
    for (const [source, text] of texts) {
      expect(new RegExp(source.replace('(?i)', ''), 'i').test(text)).toBe(true);
      for (const set of requiredTexts(tree(source))) {
        expect(
          set.some((one) => text.toLowerCase().includes(one)),
          `${source}: ${set.join(' ')}`,
        ).toBe(true);
      }
    }
  });
});

describe('longestMatch', () => {
  it.each([
    ['abc', 3],
    ['a{2,5}b?', 6],
    ['(?:ab|cde)x', 4],
    ['a+', Number.POSITIVE_INFINITY],
    ['\\b(?:)*', 0],
    ['(a)\\1', Number.POSITIVE_INFINITY],
  ])('%s', (source, length) => expect(longestMatch(tree(source as string))).toBe(length));
});
