import { describe, expect, it } from 'vitest';
import { ALL_MARKERS, MARKER_PEERS, NO_MARKERS } from '../../src/config/markers.ts';
import { markedIn } from '../../src/findings/markers/index.ts';
import type { MarkerSettings } from '../../src/types.ts';
import { candidateOf, chunkOf, PASSWORD, passwordRule, TOKEN, tokenRule } from '../report/sample.ts';

/** Whether the password and the token of a text are hidden, and what is remarked. `P` and `T` stand for them. */
function marked(template: string, settings?: Partial<MarkerSettings>) {
  const text = template.replaceAll('P', PASSWORD).replaceAll('T', TOKEN);
  const chunk = chunkOf(text);
  const secrets = [
    ...(text.includes(PASSWORD) ? [candidateOf({ chunk, value: PASSWORD, rule: passwordRule })] : []),
    ...(text.includes(TOKEN) ? [candidateOf({ chunk, value: TOKEN, rule: tokenRule })] : []),
  ];
  const { hidden, remarks } = markedIn({ chunk, secrets, settings: { ...ALL_MARKERS, ...settings } });
  return { hidden: secrets.map((secret) => hidden.has(secret)), remarks: remarks.map((r) => `${r.line}: ${r.text}`) };
}
const hidden = (template: string, settings?: Partial<MarkerSettings>) => marked(template, settings).hidden;

describe('sss:allow', () => {
  it.each([
    'x = "P"  # sss:allow',
    'x = "P"  // sss:allow a password of the tests',
    '/* sss:allow */ x = "P"',
    '<x>P</x> <!-- sss:allow made up -->',
    'x = P ; sss:allow',
    "x = 'P' -- SSS:ALLOW",
    'x = "P"  # sss:allow[generic-password] why',
    'x = "P"  # sss:allow[other, generic-*]: why',
    '# sss:allow-next-line\nx = "P"',
    '# sss:allow-start\n\nx = "P"\n\n# sss:allow-end',
    '# sss:allow-start[generic-*] why\nx = "P"\n# sss:allow-end',
    '# sss:allow-start\n# sss:allow-start[other]\n# sss:allow-end\nx = "P"\n# sss:allow-end',
  ])('hides what it is for: %s', (text) => expect(marked(text)).toEqual({ hidden: [true], remarks: [] }));

  it.each([
    'x = "P"',
    'x = "P"\n# sss:allow',
    '# sss:allow\nx = "P"',
    '# sss:allow-next-line\n\nx = "P"',
    'x = "P"  # sss:allowed',
    'x = "P"  # no-sss:allow',
    '# sss:allow-start\n# sss:allow-end\nx = "P"',
  ])('hides nothing else: %s', (text) => expect(hidden(text)).toEqual([false]));

  it('hides one secret of a line by its rule', () => {
    expect(marked('x = "P", y = "T" # sss:allow[github-*]')).toEqual({
      hidden: [false, true],
      remarks: ['1: sss:allow[github-*] is not for generic-password, which was found there'],
    });
  });

  it('says what counts for nothing', () => {
    expect(marked('# sss:allow-start\nx = "P"')).toEqual({
      hidden: [false],
      remarks: ['1: sss:allow-start counts for nothing: there is no sss:allow-end behind it'],
    });
    expect(marked('# sss:allow-end\nx = "P" # sss:allow-nextline').remarks).toEqual([
      '1: sss:allow-end ends nothing: there is no sss:allow-start before it',
      '2: sss:allow-nextline is no marker: there are sss:allow, -next-line, -start and -end',
    ]);
  });

  it('counts on the first and the last line of a value of many lines, and not in it', () => {
    const key = (first: string, middle: string, last: string) => {
      const value = `-----BEGIN X-----\nabc${middle}\n-----END X-----`;
      const chunk = chunkOf(`${first}"${value}"${last}\n`);
      const secret = candidateOf({ chunk, value });
      return markedIn({ chunk, secrets: [secret], settings: undefined }).hidden.size;
    };
    expect(key('', '', '')).toBe(0);
    expect(key('/* sss:allow */ ', '', '')).toBe(1);
    expect(key('', '', '  # sss:allow')).toBe(1);
    expect(key('# gitleaks:allow\n', '', '')).toBe(0);
    expect(key('# sss:allow-next-line\n', '', '')).toBe(1);
    expect(key('', ' # sss:allow', '')).toBe(0);
    expect(key('', '\n# sss:allow-start\n', '\n# sss:allow-end')).toBe(0);
  });

  it('counts for nothing in the value of any secret', () => {
    const chunk = chunkOf('a = "one sss:allow two"; b = "three"\n');
    const secrets = ['one sss:allow two', 'three'].map((value) => candidateOf({ chunk, value }));
    expect(markedIn({ chunk, secrets, settings: undefined }).hidden.size).toBe(0);
  });

  it('needs a reason where the configuration says so', () => {
    const strict = { requireReason: true };
    for (const text of [
      'x = "P"  # sss:allow made up for the tests',
      '/* sss:allow: tests */ x = "P"',
      'x = "P"  # gitleaks:allow test data',
      '# secretlint-disable-next-line -- test data\nx = "P"',
      '# sss:allow-start test data\nx = "P"\n# sss:allow-end',
    ]) {
      expect(hidden(text, strict), text).toEqual([true]);
    }
    for (const text of [
      'x = "P"  # sss:allow',
      'x = "P"  # sss:allow - !',
      '/* sss:allow */ x = "P"',
      'x = "P"  # gitleaks:allow',
      'x = "P"  # gitleaks:allow trufflehog:ignore',
      '# secretlint-disable-next-line @secretlint/secretlint-rule-generic\nx = "P"',
    ]) {
      expect(hidden(text, strict), text).toEqual([false]);
    }
    expect(marked('x = "P"  # sss:allow', strict).remarks).toEqual([
      '1: sss:allow counts for nothing: the configuration asks for a reason behind it',
    ]);
  });

  it('shows no value in what it says', () => {
    const { remarks } = marked('x = "P" # sss:allow[P] sss:allow[no] P', { requireReason: true });
    expect(remarks.join()).not.toContain(PASSWORD);
  });

  it('is bounded: of very many markers the first count', () => {
    const many = '# sss:allow\n'.repeat(10_001);
    expect(marked(`x = "P" # sss:allow\n${many}`).hidden).toEqual([true]);
    expect(marked(`${many}x = "P" # sss:allow\n`)).toEqual({
      hidden: [false],
      remarks: ['10001: only the first 10000 markers of a text count'],
    });
  });
});

describe('markers of peers', () => {
  const lines: [(typeof MARKER_PEERS)[number], string][] = [
    ['gitleaks', 'x = "P"  # gitleaks:allow'],
    ['betterleaks', 'x = "P"  # betterleaks:allow'],
    ['trufflehog', 'x = "P"  # trufflehog:ignore'],
    ['kingfisher', 'x = "P"  # kingfisher:ignore'],
    ['detect-secrets', 'x = "P"  # pragma: allowlist secret'],
    ['detect-secrets', 'x = "P"  # pragma: whitelist secret'],
    ['detect-secrets', '# pragma: allowlist nextline secret\nx = "P"'],
    ['secretlint', 'x = "P"  // secretlint-disable-line'],
    ['secretlint', '// secretlint-disable-next-line\nx = "P"'],
    ['secretlint', '// secretlint-disable\n\nx = "P"'],
    ['secretlint', '// secretlint-disable\nx = "P"\n// secretlint-enable'],
    ['ggshield', 'x = "P"  # ggignore'],
  ];

  it('are all known', () => {
    expect(new Set(lines.map(([peer]) => peer))).toEqual(new Set(MARKER_PEERS));
  });

  it.each(lines)('%s: %s', (peer, text) => {
    expect(hidden(text)).toEqual([true]);
    expect(hidden(text, { own: false, peers: [peer] })).toEqual([true]);
    expect(hidden(text, { peers: MARKER_PEERS.filter((other) => other !== peer) })).toEqual([false]);
    expect(hidden(text, NO_MARKERS)).toEqual([false]);
  });

  it('of secretlint count for the rules that they name, up to where they end', () => {
    const rule = '@secretlint/secretlint-rule-github';
    expect(hidden(`// secretlint-disable-next-line ${rule} -- made up\nx = "P", y = "T"`)).toEqual([false, true]);
    expect(hidden('// secretlint-disable\n// secretlint-enable\nx = "P"')).toEqual([false]);
  });

  it('does not let an end of one close the block of another', () => {
    expect(hidden('# sss:allow-start\n// secretlint-enable\nx = "P"\n# sss:allow-end')).toEqual([true]);
  });
});
