import { describe, expect, it } from 'vitest';
import { writeWordsNear } from '../../src/features/words-near.ts';
import { randomOf } from '../../training/data/random.ts';

/** What each number says, as a pattern. */
const PATTERNS = [
  /["']?kty["']?\s*[:=]/,
  /example\.(?:com|org|net)|contoso|localhost|127\.0\.0\.1/i,
  /user(?:name)?|login|e-?mail/i,
  /passw|pwd/i,
  /secret|token|api_?key/i,
  /\b(?:example|sample|e\.g\.|dummy|fake|mock)\b/i,
  /\b(?:expect|assert|should|describe|it|test)\w*\s*[.(]/,
  /environment:|process\.env|getenv|os\.environ|export /,
];
const byPattern = (text: string) => PATTERNS.map((pattern) => (pattern.test(text) ? 1 : 0));

function found(text: string): number[] {
  const row = new Float32Array(PATTERNS.length + 1);
  writeWordsNear(text, row, 1);
  return [...row.subarray(1)];
}

describe('words near a value', () => {
  it.each([
    ['', 'nothing at all', 'EXAMPLE', 'Mock', 'examples e.g', 'an e.g. b', 'x_fake dummy'],
    ['"kty" : 1', 'kTy: 1', 'kty', 'Username', 'E-MAIL', 'e_mail', 'PASSWORD pwd', 'ApiKey', 'API_KEY', 'api-key'],
    ['it(', 'its .', 'emit(', 'commit.x', 'test_all (', 'Test(', 'it. expect(', 'éit(', 'it é (', 'latest( test('],
    ['environment: x', 'ENVIRONMENT:', 'process.env.X', 'processenv', 'export x', 'exports', 'localHost', '127.0.0.2'],
    // Letters that only fold to these in other ways of ignoring case.
    ['to\u212aen', '\u017fecret', 'API_\u212aEY', 'log\u0130n'],
  ])('are what patterns find', (...texts) => {
    expect(texts.map(found)).toEqual(texts.map(byPattern));
  });

  it('are found wherever one word runs into another', () => {
    const random = randomOf('words');
    const parts =
      'kty" : exam example .com mock 127. 0.0.1 user e- mail pass passw api_ key tok token it( test des cribe. _ é'
        .split(' ')
        .concat(' ', '\n');
    const texts = Array.from({ length: 3000 }, () =>
      Array.from({ length: 6 }, () => parts[Math.floor(random.next() * parts.length)]).join(''),
    );
    expect(texts.map(found)).toEqual(texts.map(byPattern));
  });
});
