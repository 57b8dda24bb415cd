import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { findKeywords, matchRules } from '../../src/rules/match.ts';
import { loadRules, type RuleSet } from '../../src/rules/rule-set.ts';
import type { Rule } from '../../src/types.ts';

const acme: Rule = {
  id: 'acme-key',
  provider: 'Acme',
  description: 'Acme key',
  keywords: ['acme_'],
  pattern: /acme_[a-z0-9]{8,}/,
  severity: 'high',
  confidence: 'certain',
};

function setOf(...rules: Rule[]) {
  return loadRules({ useBuiltinRules: false, customRules: rules, disabledRules: [] });
}

/** The secrets that the rules find in `text`, in the order they come in. */
function secrets(text: string, rules: Partial<Rule> | Rule[] = {}, path = 'a.txt'): string[] {
  const ruleSet = setOf(...(Array.isArray(rules) ? rules : [{ ...acme, ...rules }]));
  return matchRules({ text, ruleSet, path }).map(({ start, end }) => text.slice(start, end));
}

const pad = (length: number, filler = ' ') => filler.repeat(length);

describe('windows round keywords', () => {
  it('find a token whole that the edge of the window cuts', () => {
    for (const length of [500, 507, 508, 600, 5000, 50_000]) {
      const token = `acme_${pad(length, 'a1')}`.slice(0, length + 5);
      expect(secrets(`x ${token} y`)).toEqual([token]);
    }
  });

  it('find a match whole whose start lies before the window', () => {
    const pattern = /[a-z]{10,}=acme_/;
    for (const length of [100, 127, 128, 129, 700]) {
      const match = `${pad(length, 'k')}=acme_`;
      expect(secrets(`x ${match} y`, { pattern, window: { before: 20, after: 20 } })).toEqual([match]);
    }
  });

  it('do not take a cut for a boundary', () => {
    // Forty characters and no more: in a window of 45 the rest of the run is not seen.
    const rule = { pattern: /acme_[a-z0-9]{40}(?![a-z0-9])/, window: { before: 0, after: 45 } };
    expect(secrets(`acme_${pad(40, 'a')}b`, rule)).toEqual([]);
    expect(secrets(`acme_${pad(40, 'a')} b`, rule)).toHaveLength(1);
    const before = { pattern: /(?<![a-z])acme_[a-z0-9]{8}/, window: { before: 0, after: 64 } };
    expect(secrets('xacme_12345678', before)).toEqual([]);
    expect(secrets('-acme_12345678', before)).toHaveLength(1);
  });

  it('look no further than they are told', () => {
    const pattern = /acme_ +([0-9]{4})/;
    expect(secrets(`acme_${pad(400)}1234`, { pattern })).toEqual(['1234']);
    expect(secrets(`acme_${pad(600)}1234`, { pattern })).toEqual([]);
    expect(secrets(`acme_${pad(600)}1234`, { pattern, window: { before: 0, after: 700 } })).toEqual(['1234']);
    const backwards = { pattern: /([0-9]{4}) +acme_/, window: { before: 50, after: 10 } };
    expect(secrets(`1234${pad(30)}acme_`, backwards)).toEqual(['1234']);
    expect(secrets(`1234${pad(60)}acme_`, backwards)).toEqual([]);
  });

  it('find each token once where thousands of keywords stand in one line of a megabyte', () => {
    const tokens = Array.from({ length: 8000 }, (_, i) => `acme_${String(i).padStart(8, '0')}`);
    const text = tokens.join(pad(115, '.'));
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(secrets(text)).toEqual(tokens);
  });

  it('find a private key that is longer than the window of its rule', () => {
    const line = fillExample('{{base64:64}}\n');
    const body = `MIIJKQIBAAKCAgEA${fillExample('{{base64:47}}')}\n${line.repeat(150)}`;
    const label = 'PRIVATE KEY';
    const key = `-----BEGIN RSA ${label}-----\n${body}-----END RSA ${label}-----`;
    const ruleSet = loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });
    const text = `const a = 1;\n${key}\nconst b = 2;\n`;
    const whole = matchRules({ text, ruleSet, path: 'key.txt' }).find(({ rule }) => rule.id === 'private-key-pem');
    expect(whole && text.slice(whole.start, whole.end)).toBe(key);
  });

  it('of matches that reach over the window give the place in the text, not in the window', () => {
    const text = `${pad(1000)}acme_12345678 tail`;
    const ruleSet = setOf({ ...acme, pattern: /acme_(?<secret>\d{8}) tail/ });
    expect(matchRules({ text, ruleSet, path: 'a' })).toEqual([
      { rule: ruleSet.rules[0], start: 1005, end: 1013, matchStart: 1000, matchEnd: 1018 },
    ]);
  });
});

describe('which part of a match is the secret', () => {
  it.each([
    ['the group named secret, wherever it stands', /(acme)_(?<secret>\d+)-(\d+)/, '12'],
    ['else the first group with text in it', /(x)?()acme_(\d+)-(\d+)/, '12'],
    ['else the whole match', /acme_\d+-\d+/, 'acme_12-34'],
    ['the first group when the named one took no part', /acme_(\d+)(?:x(?<secret>y))?/, '12'],
  ])('%s', (_, pattern, secret) => {
    expect(secrets('acme_12-34', { pattern })).toEqual([secret]);
  });

  it('goes on behind the secret: one match may be the context of the next', () => {
    expect(secrets('acme_ ,1111,2222,3333', { pattern: /,(\d{4})(?=,|$)/ })).toEqual(['1111', '2222', '3333']);
    expect(secrets('acme_ ,1111,2222,3333,', { pattern: /,(\d{4}),/ })).toEqual(['1111', '2222', '3333']);
  });

  it('leaves out matches without text, and comes to an end', () => {
    expect(secrets('acme_ a', { pattern: /z*/ })).toEqual([]);
    expect(secrets('acme_ 😀 x', { pattern: /z*/u })).toEqual([]);
    // The secret stands before the match: the search goes on behind the start of the match, a surrogate pair here.
    expect(secrets('acme_ 12😀', { pattern: /(?<=(?<secret>\d\d))\u{1F600}/u })).toEqual(['12']);
  });

  it('sets the flags of the search itself, and keeps those of the pattern', () => {
    expect(secrets('ACME_ABCDEFGH acme_12345678', { pattern: /acme_[a-z0-9]{8}/i })).toHaveLength(2);
    expect(secrets('acme_12345678 acme_12345679', { pattern: /acme_[a-z0-9]{8}/dgy })).toHaveLength(2);
    const pattern = /acme_[a-z0-9]{8}/g;
    pattern.lastIndex = 5;
    expect(secrets('acme_12345678', { pattern })).toHaveLength(1);
    expect(pattern.lastIndex).toBe(5);
  });
});

describe('what a match must stand', () => {
  it('the path of the file', () => {
    expect(secrets('acme_12345678', { path: /\.env$/ }, 'a/.env')).toHaveLength(1);
    expect(secrets('acme_12345678', { path: /\.env$/ }, 'a/.env.md')).toEqual([]);
  });

  it('least entropy of the secret, not of the match', () => {
    const rule = { pattern: /acme_([a-z0-9]{8})/, entropy: 2 };
    expect(secrets('acme_a1b2c3d4', rule)).toEqual(['a1b2c3d4']);
    expect(secrets('acme_aaaaaaab', rule)).toEqual([]);
  });

  it('stopwords, in any case', () => {
    const rule = { pattern: /acme_([A-Za-z0-9]{8})/, stopwords: ['test'] };
    expect(secrets('acme_a1b2c3d4', rule)).toHaveLength(1);
    expect(secrets('acme_a1TeSt44', rule)).toEqual([]);
    expect(secrets('test acme_a1b2c3d4', rule)).toHaveLength(1);
  });

  it('the validator', () => {
    const rule = { pattern: /acme_(\d+)/, validator: 'luhn' };
    expect(secrets('acme_79927398713999 acme_4539578763621486', rule)).toEqual(['4539578763621486']);
  });

  it('a keyword: without one in the text nothing is searched', () => {
    expect(secrets('ACME_12345678', { pattern: /ACME_\d{8}/ })).toHaveLength(1);
    expect(secrets('other_12345678', { pattern: /other_\d{8}/ })).toEqual([]);
  });
});

describe('rules', () => {
  it('without keywords are searched in the whole text, also far apart', () => {
    const text = `q1234567${pad(100_000)}q7654321`;
    expect(secrets(text, { keywords: [], pattern: /q\d{7}/ })).toEqual(['q1234567', 'q7654321']);
  });

  it('report a place once when several keywords lead there', () => {
    expect(secrets('acme_12345678', { keywords: ['acme', 'acme_', 'cme_1'] })).toHaveLength(1);
    const far = `acme_12345678${pad(300)}acme_87654321`;
    expect(secrets(far, { window: { before: 10, after: 400 } })).toEqual(['acme_12345678', 'acme_87654321']);
    // The first match is searched again in a window that reaches to the second keyword.
    const long = `acme_${pad(600, 'a')}`;
    expect(secrets(`${long}${pad(100)}acme_87654321`)).toEqual([long, 'acme_87654321']);
  });

  it('that are given twice count once, and two rules that match one place twice', () => {
    expect(secrets('acme_12345678', [acme, acme])).toHaveLength(1);
    const ids = matchRules({
      text: 'acme_12345678',
      ruleSet: setOf({ ...acme, id: 'b' }, { ...acme, id: 'a' }),
      path: 'x',
    }).map(({ rule }) => rule.id);
    expect(ids).toEqual(['a', 'b']);
  });

  it('give equal matches whether the keywords were looked up before or not, and however often', () => {
    const text = `acme_12345678 ${pad(700)} acme_87654321 password`;
    const ruleSet = setOf(acme, { ...acme, id: 'z', keywords: ['pass'], pattern: /pass(word)/ });
    const first = matchRules({ text, ruleSet, path: 'a' });
    expect(first).toHaveLength(3);
    expect(matchRules({ text, ruleSet, path: 'a', hits: findKeywords(text, ruleSet) })).toEqual(first);
    expect(matchRules({ text, ruleSet, path: 'a' })).toEqual(first);
  });
});

describe('findKeywords', () => {
  it('gives the starts by rule, and in order those that open the generic extractor', () => {
    const ruleSet = setOf(acme);
    const hits = findKeywords('token acme_ PASSWORD acme_', ruleSet);
    expect([...hits.byRule]).toEqual([[0, [6, 21]]]);
    const close = findKeywords(`${'acme_'.repeat(1000)}${' '.repeat(20)}acme_`, ruleSet);
    expect([...close.byRule]).toEqual([[0, [0, 4995, 5020, 5020]]]);
    expect(hits.generic).toEqual([0, 12]);
  });
});

describe('the path of a rule', () => {
  const rule = { path: /(^|\/)deploy\.env$/ };

  it('counts from the root of a container, too', () => {
    for (const path of [
      'deploy.env',
      'a/deploy.env',
      'a.zip!deploy.env',
      'a.zip!b/deploy.env',
      'a.zip!b.tar!deploy.env',
    ]) {
      expect([path, secrets('acme_12345678', rule, path)]).toEqual([path, ['acme_12345678']]);
    }
    for (const path of ['xdeploy.env', 'a.zip!xdeploy.env', 'deploy.env!a', 'a.zip!deploy.env!b']) {
      expect([path, secrets('acme_12345678', rule, path)]).toEqual([path, []]);
    }
    expect(secrets('acme_12345678', { path: /^deploy\// }, 'x.tar.gz!deploy/a')).toHaveLength(1);
    expect(secrets('acme_12345678', { path: /^x\.zip!/ }, 'x.zip!deploy/a')).toHaveLength(1);
  });
});

it('makes no rule but those whose keyword a text has, and those without', () => {
  const all = loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });
  const asked: number[] = [];
  const lazy: RuleSet = Object.create(all, {
    rules: {
      get() {
        throw new Error('all rules were made');
      },
    },
    rule: {
      value: (number: number) => {
        asked.push(number);
        return all.rule(number);
      },
    },
  });
  expect(matchRules({ text: 'print(1)\n', ruleSet: lazy, path: 'a.py' })).toEqual([]);
  expect(asked).toEqual([...all.always]);
});
