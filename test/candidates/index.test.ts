import { describe, expect, it, vi } from 'vitest';
import { collectCandidates, findCandidates } from '../../src/candidates/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { loadRules } from '../../src/rules/rule-set.ts';
import { chunkOf } from '../report/sample.ts';
import { candidateOfValue, candidates, everyRule, genericOnly, VALUE as V } from './found.ts';

const TOKEN = fillExample('{{[g]:1}}hp_{{alnum:30}}{{crc62}}');

/** `line:column-line:column`, end exclusive. */
function place(text: string, value = V): string | undefined {
  const found = candidateOfValue(text, value);
  return found && `${found.line}:${found.column}-${found.endLine}:${found.endColumn}`;
}

describe('the place of a candidate', () => {
  it.each([
    ['the first line', `password = ${V}`, '1:12-1:27'],
    ['a later line', `a\n\npassword = "${V}"\n`, '3:13-3:28'],
    ['line ends of Windows', `a\r\nb\r\npassword=${V}\r\n`, '3:10-3:25'],
    ['a carriage return alone, which ends no line', `a\rpassword=${V}`, '1:12-1:27'],
    ['characters of two code units before it', `😀é password = '${V}'`, '1:17-1:32'],
    ['a value on the next line', `password:\n  ${V}\n`, '2:3-2:18'],
  ])('%s', (_, text, where) => {
    expect(place(text)).toBe(where);
    const found = candidateOfValue(text)!;
    expect(text.slice(found.start, found.end)).toBe(V);
  });

  it('spans lines where the value does', () => {
    const key = `-----BEGIN RSA PRIVATE ${'KEY'}-----\nMIIEpQIBAAKCAQEA${fillExample('{{base64:48}}')}\n-----END RSA PRIVATE ${'KEY'}-----`;
    const [found] = candidates(`x\n  ${key}\n`, { rules: everyRule });
    expect(found).toMatchObject({ syntax: 'provider', line: 2, column: 3, endLine: 4, endColumn: 30 });
  });

  it('counts lines from the first line of the piece', () => {
    const chunk = { ...chunkOf(`x\npassword = ${V}\n`), firstLine: 1001 };
    expect(findCandidates(chunk, genericOnly)).toMatchObject([{ line: 1002, endLine: 1002, column: 12 }]);
  });

  it('is given in order, and no two share a character', () => {
    const text = `{"password": "${V}", "url": "https://bob:${V}@host/${fillExample('{{alnum:40}}')}"}\ntoken=${TOKEN}\nuuid ${fillExample('{{uuid}}')} api_key("${fillExample('{{alnum:30}}')}", "Bearer x ${V}")\n`;
    const all = candidates(text, { rules: everyRule });
    expect(all.length).toBeGreaterThan(4);
    for (const [i, { start, end, value }] of all.entries()) {
      expect(text.slice(start, end)).toBe(value);
      expect(end).toBeGreaterThan(start);
      if (i > 0) expect(start).toBeGreaterThanOrEqual(all[i - 1]!.end);
    }
  });
});

describe('a value that is found in several ways', () => {
  it('is one candidate of the provider, with the name it is bound to', () => {
    const found = candidates(`const apiToken = "${TOKEN}";`, { rules: everyRule });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ value: TOKEN, syntax: 'provider', name: 'apiToken' });
    expect(found[0]!.rules[0]!.id).toBe('github-personal-access-token');
  });

  it('belongs to the provider where that matches only a part of it, and takes in the rest of no quoted text', () => {
    const found = candidates(`password = "use ${TOKEN} here"`, { rules: everyRule });
    expect(found.map(({ value }) => value)).toEqual([TOKEN]);
  });

  it('has every rule that matched, the surest first', () => {
    const rule = { provider: 'X', description: 'x', keywords: ['acme_'], severity: 'high' } as const;
    const set = loadRules({
      useBuiltinRules: false,
      disabledRules: [],
      customRules: [
        { ...rule, id: 'a-hint', pattern: /acme_\w{20}/, confidence: 'hint' },
        { ...rule, id: 'b-certain', pattern: /acme_\w{8}/, confidence: 'certain' },
        { ...rule, id: 'c-certain', pattern: /acme_\w{12}/, confidence: 'certain' },
      ],
    });
    const [found, ...rest] = candidates('x acme_abcdefghijklmnopqrst', { rules: set });
    expect(rest).toEqual([]);
    expect(found!.rules.map(({ id }) => id)).toEqual(['c-certain', 'b-certain', 'a-hint']);
    expect(found!.value).toBe('acme_abcdefghijkl');
  });

  it('takes the password of an address, not the address', () => {
    const found = candidates(`DATABASE_PASSWORD_URL=postgres://bob:${V}@host/db`);
    expect(found.find(({ value }) => value === V)?.rules[0]?.id).toBe('url-credentials');
    expect(found.filter(({ value }) => value.includes(V))).toHaveLength(1);
  });

  it('is bound to the name that stands right before it', () => {
    expect(candidateOfValue(`String password = cfg.get("db.password", "${V}");`)?.name).toBe('db.password');
    expect(candidateOfValue(`api_key: x, password: "${V}"`)?.name).toBe('password');
    expect(candidateOfValue(`{"token": "", "password": "${V}"}`)?.name).toBe('password');
  });
});

describe('rules that are off', () => {
  const without = (...disabledRules: string[]) => loadRules({ useBuiltinRules: false, customRules: [], disabledRules });

  it.each([
    ['generic-password', `password = "${V}"`],
    ['url-credentials', `x://bob:${V}@host/`],
    ['command-line-credentials', `curl -u bob:${V} https://host/`],
    ['storage-bucket', 'my-bucket.s3.amazonaws.com'],
    ['generic-uuid', fillExample('{{uuid}}')],
    ['generic-token-shape', fillExample('{{alnum:32}}')],
  ])('%s', (id, text) => {
    expect(candidates(text).map(({ rules }) => rules[0]!.id)).toContain(id);
    const left = candidates(text, { rules: without(id) });
    expect(left.map(({ rules }) => rules[0]!.id)).not.toContain(id);
    expect(candidates(text, { rules: without('generic-*', 'url-*', 'command-*', 'storage-*') })).toEqual([]);
  });
});

describe('values told by their shape', () => {
  it.each([
    ['letters and digits', fillExample('{{alnum:32}}')],
    ['hexadecimal', fillExample('{{hex:40}}')],
    ['base64', `${fillExample('{{base64:42}}')}9+A=`],
    ['a UUID', fillExample('{{uuid}}')],
  ])('%s', (_, value) => {
    for (const text of [value, `x "${value}" y`, `(${value})`, `a,${value}\n`]) {
      expect(candidates(text).map((c) => [c.value.replace(/=+$/, ''), c.syntax])).toEqual([
        [value.replace(/=+$/, ''), 'token'],
      ]);
    }
  });

  it.each([
    ['words', 'ordinaryFunctionNamesJoined and-some-other-words-joined'],
    ['identifiers', 'DescribeAllPairsResult ListBucketsOfUser2 GetIdOfAllIps'],
    ['upper case', 'SOME_CONSTANT_OF_THE_PROGRAM'],
    ['numbers', '1234567890123456789012345678901234567890'],
    ['short', 'a1B2c3D4e5F6g7H'],
    ['very long', fillExample('{{alnum:1025}}')],
    ['a path', 'src/components/button/index/main/styles'],
    ['rules and lines', '-------------------- ==================== ____________________'],
  ])('are not %s', (_, text) => {
    expect(candidates(text)).toEqual([]);
  });

  it('may be letters alone, as long as they read like no words', () => {
    for (const pairs of [8, 12, 20]) {
      const value = fillExample('{{lower:1}}{{upper:1}}'.repeat(pairs));
      expect(candidates(`"${value}"`).map((c) => c.value)).toEqual([value]);
    }
  });

  it('are cut out of addresses and pairs', () => {
    const token = fillExample('{{alnum:32}}');
    for (const text of [`https://host/hooks/${token}`, `x=${token}`, `/a/b/${token}/c`, `id=1&code=${token}&x=2`]) {
      expect(candidates(text).map(({ value }) => value)).toEqual([token]);
    }
    expect(candidates(`{"id": "${token}"}`)).toMatchObject([{ name: 'id', syntax: 'token' }]);
  });
});

describe('lines of any length', () => {
  it('are read in steps that grow with the length, not faster', () => {
    const work = (text: string) => {
      const exec = vi.spyOn(RegExp.prototype, 'exec');
      try {
        candidates(text);
        return exec.mock.calls.reduce((sum, [read]) => sum + String(read).length, 0) + exec.mock.calls.length;
      } finally {
        exec.mockRestore();
      }
    };
    const pieces = [
      'key="ab12",',
      'key=',
      'key ',
      'secret',
      'password: ',
      'Bearer ',
      '://a',
      '-u a',
      'key"',
      'key((((',
      '"',
    ];
    for (const piece of pieces) {
      const small = work(piece.repeat(500));
      expect({ piece, factor: work(piece.repeat(2000)) / Math.max(1, small) < 5 }).toEqual({ piece, factor: true });
    }
  });

  it('do not keep a value from being found', () => {
    const filler = 'var a=function(b){return b+1};'.repeat(10_000);
    const text = `${filler}password="${V}";${filler}`;
    expect(candidateOfValue(text)).toMatchObject({ name: 'password', line: 1, column: filler.length + 11 });
  });

  it('do not make values of any length', () => {
    expect(candidates(`password="${'a b'.repeat(3000)}"`).map(({ value }) => value.length)).toEqual([]);
    for (const { value } of candidates(`password=${'a'.repeat(9000)}`)) expect(value.length).toBeLessThanOrEqual(4096);
  });

  it('with words of names inside data are no names', () => {
    const blob = `${fillExample('{{alnum:40}}')}key${fillExample('{{alnum:40}}')}`;
    expect(candidates(`x = "${blob}" "${V}"`).filter(({ name }) => name?.includes('key'))).toEqual([]);
  });
});

describe('a text with more candidates than are looked at', () => {
  const dense = chunkOf('key="'.repeat(120_000), { path: 'dense.txt' });

  it('is told from one that was read to its end', () => {
    expect(collectCandidates(dense, everyRule).complete).toBe(false);
    expect(collectCandidates(chunkOf(`password = "${V}"`, { path: 'a.py' }), everyRule).complete).toBe(true);
  });

  it('is told even when few of those that were met are left', () => {
    const disabledRules = ['generic-key', 'generic-api-key', 'generic-private-key'];
    const rules = loadRules({ useBuiltinRules: false, customRules: [], disabledRules });
    const { candidates: left, complete } = collectCandidates(dense, rules);
    expect(left).toEqual([]);
    expect(complete).toBe(false);
  });
});

describe('a text', () => {
  const lines = [
    `password = "${V}"`,
    `{ name: "password", value: "${V}" }`,
    `token: Bearer ${V}`,
    `curl -u me:${V} https://host`,
    `<password>${V}</password>`,
    `url = "https://me:${V}@host/"`,
    `x = "${fillExample('{{alnum:32}}')}"`,
    `/a/${fillExample('{{uuid}}')}`,
    'token_name, key=\n  value: secret',
  ];

  it('says the same whether its characters take one byte or two', () => {
    const said = (text: string) =>
      candidates(text).map(({ value, name, syntax, line, column }) => ({ value, name, syntax, line, column }));
    for (const text of lines) {
      const narrow = said(`é\n${text}`);
      expect({ text, said: said(`中\n${text}`) }).toEqual({ text, said: narrow });
    }
    expect(lines.flatMap((text) => said(`中\n${text}`)).length).toBeGreaterThanOrEqual(lines.length - 1);
  });

  it('may end anywhere', () => {
    for (const text of lines) {
      for (let end = 0; end <= text.length; end++) {
        for (const found of candidates(text.slice(0, end))) {
          expect(found.end).toBeLessThanOrEqual(end);
          expect(found.value).toBe(text.slice(found.start, found.end));
        }
      }
    }
  });
});
