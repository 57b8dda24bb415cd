import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodedChunks } from '../../src/decoders/index.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { TextChunk } from '../../src/types.ts';
import { USUAL_DEPTH } from '../../src/util/read-limits.ts';
import { makeTar } from '../containers/make.ts';
import { chunkOf } from '../report/sample.ts';
import { base64, base64url, each, hex, wrap } from './encode.ts';

const decode = (text: string, path = 'app.yml') => decodedChunks(chunkOf(text, { path }));

/** The ways in which `wanted` can be read in `text`, and what stands in the place that it was decoded from. */
function readings(text: string, wanted: string, path?: string): [way: string, from: string][] {
  return decode(text, path).chunks.flatMap((chunk) => {
    const at = chunk.text.indexOf(wanted);
    if (at < 0 || !chunk.decoded!.touches(at, at + wanted.length)) return [];
    return [[chunk.decoded!.way.join(' > '), original(chunk, at, at + wanted.length)]];
  });
}

function original(chunk: TextChunk, start: number, end: number): string {
  if (!chunk.decoded) return chunk.text.slice(start, end);
  const place = chunk.decoded.place(start, end);
  return original(chunk.decoded.from, place.start, place.end);
}

const WORDS = 'db_password = correct horse 17 battery!';
const LONG = `first line of a file\n${WORDS}\n${'and some more text in it, '.repeat(12)}`;
const TELEPHONES = Array.from({ length: 900 }, (_, i) => `number ${(i * 2654435761) >>> 0}`).join('\n');

describe('base64', () => {
  it.each([
    ['in a line', `x: ${base64(WORDS)}`, base64(WORDS)],
    ['without padding', `x: ${base64(`${WORDS}12`).replace(/=+$/, '')}`, base64(`${WORDS}12`).replace(/=+$/, '')],
    ['url-safe', `x: ${base64url(`?>~${WORDS}?>~ÿ`)}`, base64url(`?>~${WORDS}?>~ÿ`)],
    ['of a data URL', `<a href="data:text/plain;base64,${base64(WORDS)}">`, base64(WORDS)],
    ['at the end of an address', `GET https://example.org/v1/${base64url(WORDS)}`, base64url(WORDS)],
    ['behind an escaped line end', `"a\\n${base64(WORDS)}"`, base64(WORDS)],
    ['with more behind it', `x: ${base64(LONG)}\ny: 1\n`, base64(LONG)],
    [
      'wrapped at 64',
      `-----BEGIN DATA-----\n${wrap(base64(LONG), 64, '\n')}\n-----END DATA-----\n`,
      wrap(base64(LONG), 64, '\n'),
    ],
    ['wrapped at 76, CRLF', `\r\n${wrap(base64(LONG), 76, '\r\n')}\r\n`, wrap(base64(LONG), 76, '\r\n')],
    [
      'in a block of YAML',
      `data: |\n    ${wrap(base64(LONG), 40, '\n    ')}\nnext: 1\n`,
      wrap(base64(LONG), 40, '\n    '),
    ],
    ['wrapped as in JSON', `{"a":"${wrap(base64(LONG), 64, '\\n')}\\n"}`, wrap(base64(LONG), 64, '\\n')],
    ['of UTF-16', `powershell -enc ${base64(Buffer.from(WORDS, 'utf16le'))}`, base64(Buffer.from(WORDS, 'utf16le'))],
    [
      'of UTF-16, big end first',
      `x ${base64(Buffer.from(WORDS, 'utf16le').swap16())}`,
      base64(Buffer.from(WORDS, 'utf16le').swap16()),
    ],
  ])('%s', (_, text, from) => {
    expect(readings(text, WORDS)).toEqual([['base64', from]]);
  });

  it('of UTF-32', () => {
    const wide = Buffer.from(Uint32Array.from(WORDS, (c) => c.codePointAt(0)!).buffer);
    expect(readings(`x: "${base64(wide)}"`, WORDS)).toEqual([['base64', base64(wide)]]);
  });

  it('is put back into its line, without a last line end', () => {
    const [chunk] = decode(`a: 1\npassword: ${base64('hunter2\n')}\nb: 2\n`).chunks;
    expect(chunk!.text).toBe('a: 1\npassword: hunter2\nb: 2');
  });

  it('that is short counts with padding, or in a Kubernetes secret', () => {
    expect(decode('password: "cGFzcw=="\n').chunks[0]?.text).toBe('password: "pass"\n');
    expect(decode('password: c2VjcmV0\n').chunks).toEqual([]);
    expect(decode('kind: Secret\ndata:\n  password: c2VjcmV0\n').chunks[0]?.text).toContain('password: secret');
    expect(decode('{"kind": "Secret", "data": {\n"password": "c2VjcmV0"\n}}').chunks[0]?.text).toContain('"secret"');
    expect(decode('kind: SecretStore\n  password: c2VjcmV0\n').chunks).toEqual([]);
  });

  it('twice', () => {
    const twice = base64(base64(WORDS));
    expect(readings(`x: ${twice}`, WORDS)).toEqual([['base64 > base64', twice]]);
  });

  it('in the payload of a JSON web token, as a text of its own', () => {
    const payload = base64url(JSON.stringify({ password: WORDS }));
    const jwt = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${payload}.${fillExample('{{base64url:43}}')}`;
    const { chunks } = decode(`token: ${jwt}\n`);
    expect(chunks.map(({ text, decoded }) => [decoded!.way, text])).toEqual([
      [['JWT'], JSON.stringify({ password: WORDS })],
    ]);
  });
});

describe('other encodings', () => {
  const word = 'Tr0ub4dor_3xyz';
  const unicode = each(word, (c) => `\\u${c.toString(16).padStart(4, '0')}`);
  it.each<[what: string, way: string, text: string, from: string]>([
    ['hexadecimal digits', 'hex', `x = "${hex(word)}"`, hex(word)],
    ['hexadecimal digits with 0x', 'hex', `x = 0x${hex(word)};`, `0x${hex(word)}`],
    [
      'percent',
      'percent-encoding',
      `q=${each(word, (c) => `%${c.toString(16)}`)}&r=1`,
      each(word, (c) => `%${c.toString(16)}`),
    ],
    ['\\u', 'character escapes', `"${unicode}"`, unicode],
    ['\\\\u', 'character escapes', `"${unicode.replaceAll('\\', '\\\\')}"`, unicode.replaceAll('\\', '\\\\')],
    [
      '\\u{}',
      'character escapes',
      `"${each(word, (c) => `\\u{${c.toString(16)}}`)}"`,
      each(word, (c) => `\\u{${c.toString(16)}}`),
    ],
    [
      '\\x',
      'character escapes',
      `"${each(word, (c) => `\\x${c.toString(16)}`)}"`,
      each(word, (c) => `\\x${c.toString(16)}`),
    ],
    [
      'octal',
      'character escapes',
      `"${each(word, (c) => `\\${c.toString(8).padStart(3, '0')}`)}"`,
      each(word, (c) => `\\${c.toString(8).padStart(3, '0')}`),
    ],
    ['decimal entities', 'HTML entities', `<b>${each(word, (c) => `&#${c};`)}</b>`, each(word, (c) => `&#${c};`)],
    [
      'hexadecimal entities',
      'HTML entities',
      `<b>${each(word, (c) => `&#x${c.toString(16)};`)}</b>`,
      each(word, (c) => `&#x${c.toString(16)};`),
    ],
    ['+ in a line', 'joined strings', `x = "Tr0ub4d" + "or_3xyz"`, 'Tr0ub4d" + "or_3xyz'],
    ['+ over lines', 'joined strings', `x = "Tr0ub4d"\n    + "or_3xyz"`, 'Tr0ub4d"\n    + "or_3xyz'],
    [
      '+ at the end of lines',
      'joined strings',
      `x = 'Tr0u' +\r\n  'b4dor' +\r\n 'x_3xyz'`.replace("'x_", "'_"),
      `Tr0u' +\r\n  'b4dor' +\r\n '_3xyz`,
    ],
    ['. of PHP', 'joined strings', `$x = "Tr0ub4d" . "or_3xyz";`, 'Tr0ub4d" . "or_3xyz'],
    ['adjacent literals in a line', 'joined strings', `x = "Tr0ub4d" "or_3xyz"`, 'Tr0ub4d" "or_3xyz'],
    ['adjacent literals', 'joined strings', `x = ("Tr0ub4d"\n     "or_3xyz")`, 'Tr0ub4d"\n     "or_3xyz'],
    ['a line that is carried on', 'joined strings', 'export X="Tr0ub4d\\\nor_3xyz"', 'Tr0ub4d\\\nor_3xyz'],
    [
      'one character each',
      'joined strings',
      `x = ${[...word].map((c) => `"${c}"`).join(' + ')}`,
      [...word].join('" + "'),
    ],
  ])('%s', (_, way, text, from) => {
    expect(readings(text, word)).toEqual([[way, from]]);
  });

  it('lead to the exact characters', () => {
    const { chunks } = decode('url: a%3Db%C3%A9c=d\n');
    const [chunk] = chunks;
    expect(chunk!.text).toBe('url: a=béc=d\n');
    expect(original(chunk!, 6, 7)).toBe('%3D');
    expect(original(chunk!, 7, 10)).toBe('b%C3%A9c');
    expect(chunk!.decoded!.touches(5, 6)).toBe(false);
    expect(chunk!.decoded!.touches(8, 9)).toBe(true);
    expect(chunk!.decoded!.touches(10, 12)).toBe(false);
  });

  it('one in another', () => {
    const joined = wrap(base64(WORDS), 17, '" +\n  "');
    expect(readings(`x = "${joined}"`, WORDS)).toEqual([['joined strings > base64', joined]]);
    const escaped = base64(WORDS).replaceAll('=', '%3D');
    expect(readings(`x=${escaped}&`, WORDS).at(-1)![0]).toMatch(/base64$/);
    const inJson = base64(JSON.stringify({ a: 'x' }).replace('x', unicode));
    expect(readings(inJson, word)).toEqual([['base64 > character escapes', inJson]]);
  });
});

describe('what is no text', () => {
  it.each([
    ['hashes', '{{hex:32}} {{hex:40}}\n{{hex:64}} sha256:{{hex:64}}'],
    ['UUIDs', '{{uuid}}\n{{uuid}}'],
    ['integrity values', '"sha512-{{base64:86}}==" h1:{{base64:43}}='],
    [
      'certificates',
      `-----BEGIN CERTIFICATE-----\nMIID{{base64:60}}\n{{base64:64}}\n{{base64:20}}==\n-----END CERTIFICATE-----`,
    ],
    [
      'names and words',
      'const getElementsByTagNameAndSomething = applicationConfigurationProvider / averyLongIdentifierThatGoesOn;',
    ],
    ['comparisons', 'if (variable==other && total= 5) selected=="a" x=abcdefg=1'],
    ['texts with blanks that are joined', '"some words " + "and more words" + " here"'],
    ['escapes of other scripts, printf and colours', '"\\u00e9\\u4e2d \\x1b[31m" %d %20s 100%'],
  ])('%s', (_, template) => {
    expect(decode(fillExample(template)).chunks.map(({ text }) => text)).toEqual([]);
  });

  it('never throws, whatever stands at the ends', () => {
    for (const text of [
      '',
      '=',
      '==',
      '%',
      '%4',
      '\\',
      '\\u',
      '\\x4',
      '&#',
      '&#x;',
      '"',
      '"+"',
      '\\\n',
      'A'.repeat(15),
      `${'A'.repeat(15)}=`,
      '\ud800%41%ff',
    ])
      expect(() => decode(text)).not.toThrow();
  });
});

describe('byte arrays', () => {
  const PASS = 'hunter2#Xk9!';
  const bytes = [...Buffer.from(PASS)];
  const hexes = bytes.map((byte) => `0x${byte.toString(16)}`);
  const list = bytes.join(', ');
  const lines = `${hexes.slice(0, 6).join(', ')},\n  ${hexes.slice(6).join(', ')},\n`;

  it.each<[what: string, before: string, encoded: string, after: string]>([
    ['JSON', '{"password": ', `[${list}]`, '}'],
    ['a buffer in JSON', '{"password": ', `{"type":"Buffer","data":[${bytes}]}`, '}'],
    [
      'a buffer in indented JSON',
      '{"x": ',
      `{\n  "type": "Buffer",\n  "data": [\n    ${bytes.join(',\n    ')}\n  ]\n}`,
      '}',
    ],
    ['C', 'char password[] = ', `{${hexes.join(', ')}}`, ';'],
    ['what xxd makes', 'unsigned char password[] = ', `{\n  ${lines}}`, ';\nunsigned int password_len = 12;'],
    ['fromCharCode', 'const password = ', `String.fromCharCode(${bytes})`, ';'],
    ['fromCharCode of a list', 'const password = ', `String.fromCharCode(...[${list}])`, ';'],
    ['fromCharCode applied', 'const password = ', `String.fromCharCode.apply(null, [${list}])`, ';'],
    ['Python', 'password = ', `bytes([${list}])`, '.decode()'],
    ['Python over lines', 'password = ', `bytearray([\n    ${bytes.join(',\n    ')},\n])`, ''],
    ['Java', 'byte[] password = ', `new byte[] { ${hexes.map((one) => `(byte)${one}`).join(', ')} }`, ';'],
    ['C#', 'var password = ', `new byte[12] { ${hexes.join(', ')} }`, ';'],
    ['Go', 'password := ', `[]byte{${hexes.join(', ')}}`, ''],
    ['Rust', 'let password = ', `vec![${bytes.map((byte) => `${byte}u8`).join(', ')}]`, ';'],
    ['Node.js', 'const password = ', `Buffer.from([${list}])`, '.toString()'],
    ['a typed array', 'const password = ', `new Uint8Array([${list}])`, ''],
    ['Erlang', 'Password = ', `<<${bytes}>>`, '.'],
    ['F#', 'let password = ', `[|${bytes.map((byte) => `${byte}uy`).join('; ')}|]`, ''],
    ['a list that is returned', 'return ', `[${list}]`, ''],
  ])('of %s', (_, before, encoded, after) => {
    const text = `a: 1\n${before}${encoded}${after}\nb: 2\n`;
    expect(readings(text, PASS)).toEqual([['byte array', encoded]]);
    const [chunk] = decode(text).chunks;
    expect(chunk!.text).toContain(`${before}"${PASS}"${after}`);
  });

  it('of other letters, of UTF-16, with signs, and of several lines', () => {
    const numbers = (text: string | Buffer) => [...Buffer.from(text)];
    const foreign = 'Passwort für größere Schlösser: 12';
    expect(readings(`x = [${numbers(foreign)}]`, foreign)).toHaveLength(1);
    const signed = numbers(foreign).map((byte) => (byte > 127 ? byte - 256 : byte));
    expect(readings(`x = {${signed}}`, foreign)).toHaveLength(1);
    expect(readings(`x = [${numbers(Buffer.from(WORDS, 'utf16le'))}]`, WORDS)).toHaveLength(1);
    const [chunk] = decode(`x = [${numbers(`a = 1\n${WORDS}\n`)}]`).chunks;
    expect(chunk).toMatchObject({ text: `a = 1\n${WORDS}`, logicalPath: 'app.yml.decoded' });
    expect(readings(`x = [${numbers(base64(WORDS))}]`, WORDS)).toEqual([['byte array > base64', expect.any(String)]]);
  });

  it.each([
    ['short ones', '[104, 117, 110, 116, 101]'],
    ['numbers above 255', '[104, 117, 110, 116, 101, 114, 256]'],
    ['control characters', '[104, 117, 110, 116, 101, 114, 1]'],
    ['fractions', '[104.5, 117, 110, 116, 101, 114, 100]'],
    ['a fraction at the end', '[104, 117, 110, 116, 101, 114, 100.5]'],
    ['zeros', `[${Array(100).fill(0)}]`],
    ['an open end', '[104, 117, 110, 116, 101, 114, 100'],
    ['punctuation', '[33, 34, 35, 36, 37, 38, 39, 40, 41, 42]'],
    ['lists in lists', '[[104, 117], [110, 116], [101, 114], [100, 101]]'],
    ['names', '[104, 117, 110, 116, 101, 114, x]'],
    ['bytes that are no UTF-8', '[200, 104, 117, 110, 116, 101, 114, 201]'],
  ])('are none: %s', (_, text) => {
    expect(decode(`password = ${text}`)).toEqual({ chunks: [], skipped: [] });
  });
});

describe('what was compressed before it was encoded', () => {
  const tar = makeTar([
    { name: 'a.bin', data: Buffer.from([1, 2, 3, 0xff]) },
    { name: 'b.env', data: WORDS },
  ]);
  it.each<[string, readonly string[], string, string]>([
    ['gzip', ['base64', 'gzip'], 'x: ', base64(gzipSync(WORDS))],
    ['zlib of any level', ['base64', 'zlib'], 'x: ', base64(deflateSync(WORDS, { level: 1 }))],
    ['zlib, best', ['base64', 'zlib'], 'x: ', base64(deflateSync(WORDS, { level: 9 }))],
    ['url-safe', ['base64', 'gzip'], 'x/', Buffer.from(gzipSync(LONG)).toString('base64url')],
    ['hex', ['hex', 'zlib'], 'x: ', hex(deflateSync(WORDS))],
    ['with something behind it', ['base64', 'gzip'], 'x: ', base64(Buffer.concat([gzipSync(WORDS), Buffer.alloc(9)]))],
    ['cut off', ['base64', 'gzip'], 'x: ', base64(gzipSync(`${WORDS}\n${TELEPHONES}`).subarray(0, 600))],
    ['a tar archive', ['base64', 'gzip'], 'x: ', base64(gzipSync(tar))],
    ['UTF-16', ['base64', 'gzip'], 'x: ', base64(gzipSync(Buffer.from(WORDS, 'utf16le')))],
  ])('%s', (_, way, before, encoded) => {
    expect(readings(`${before}${encoded}\n`, WORDS)).toEqual([[way.join(' > '), encoded]]);
  });

  it('is nothing when it is damaged or no text', () => {
    const pictures = Buffer.from(Array.from({ length: 900 }, (_, i) => (i * 7919) & 255));
    const damaged = Buffer.from(gzipSync(WORDS));
    damaged.fill(0xff, 10, 14);
    for (const bytes of [gzipSync(pictures), damaged, Buffer.from([0x78, 0x9c, ...pictures])]) {
      expect(decode(`x: ${base64(bytes)}`)).toEqual({ chunks: [], skipped: [] });
    }
    // What only starts like it is read as it is.
    expect(readings(`x: ${base64(`x^2 + ${WORDS}`)}`, WORDS)).toHaveLength(1);
  });

  it('is unpacked within bounds, and what is not is named', () => {
    const bomb = base64(gzipSync(Buffer.alloc(5_000_000, 'a')));
    expect(decode(`x: ${bomb}`).skipped).toEqual([
      {
        path: 'app.yml',
        reason: expect.stringMatching(/^something encoded in it unpacks to more than 1000 times/),
        kind: 'policy',
      },
    ]);
    const noise = (n: number) => Array.from({ length: n }, (_, i) => (i * 2654435761) >>> 0).join(' ');
    const large = gzipSync(noise(600_000));
    const texts = Array.from({ length: 4 }, () => base64(large)).join('\n\n');
    const { chunks, skipped } = decode(texts);
    expect(chunks[0]!.text.length).toBeGreaterThan(6_000_000);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'something encoded in it unpacks to more than 16 MB: left out',
    ]);
  }, 60_000);
});

describe('bounds', () => {
  it(`decodes no more than ${USUAL_DEPTH} times, and says so`, () => {
    let text = WORDS;
    for (let i = 0; i <= USUAL_DEPTH; i++) text = base64(text);
    const { chunks, skipped } = decode(text);
    expect(chunks).toHaveLength(USUAL_DEPTH);
    expect(skipped).toEqual([
      { path: 'app.yml', reason: expect.stringContaining('more than 4 times'), kind: 'policy' },
    ]);
  });

  it('decodes as often as it is told', () => {
    const text = base64(base64(WORDS));
    const depth = (maxDepth: number) => {
      const { chunks, skipped } = decodedChunks(chunkOf(text), maxDepth);
      return [chunks.length, ...skipped.map(({ reason }) => reason)];
    };
    expect(depth(0)).toEqual([0, 'something in it is encoded: not decoded (max-depth is 0)']);
    expect(depth(1)).toEqual([1, 'something in it is encoded more than 1 time: not decoded any further (max-depth)']);
    expect(depth(2)).toEqual([2]);
  });

  it.each([
    ['A', 'A'],
    ['=', '='],
    ['escaped percents', '%41'],
    ['escapes', '\\u0041'],
    ['backslashes', '\\'],
    ['joined strings', '"a" + '],
    ['quotes', '"'],
    ['lines of quotes', '"\n'],
    ['entities', '&#65;'],
    ['ampersands', '&#'],
    ['base64 on lines', `${'QUJD'.repeat(16)}\n`],
    ['digits that are no text, on lines', `QUJD${'w6nD'.repeat(14)}////\n`],
    ['base64 in slashes', `${'QUJD'.repeat(4)}/`],
    ['short base64', 'cGFzcw== '],
    ['line ends in base64', `${Buffer.alloc(3000, '\n').toString('base64')}.`],
    ['web tokens', 'eyJhbGciOiJIUzI1NiJ9.'],
    ['open brackets', '['],
    ['lists that never end', '[49,'],
    ['numbers', '49, '],
    ['lists of text', '[49, 50, 51, 97, 98, 99],'],
    ['casts', '((byte)49,'],
    ['blanks in brackets', `[${' '.repeat(199)}`],
    ['calls of calls', 'a.b(49,49,49,49,49,49),'],
  ])('takes time in proportion: %s', (_, unit) => {
    // Of the processor, the least of several runs: what else the machine does is none of it.
    const time = (length: number) => Math.min(once(length), once(length), once(length));
    const once = (length: number) => {
      const chunk = chunkOf(unit.repeat(Math.ceil(length / unit.length)), { path: 'a.txt' });
      const started = process.cpuUsage().user;
      const { chunks } = decodedChunks(chunk);
      expect(chunks.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(
        4 * chunk.text.length + 2 ** 20,
      );
      return (process.cpuUsage().user - started) / 1000;
    };
    time(50_000);
    const small = Math.max(2, time(200_000));
    // Ten times as much: a hundred times as long if it were quadratic.
    expect(time(2_000_000) / small).toBeLessThan(60);
  });
});
