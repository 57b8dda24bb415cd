import { deflateSync, gzipSync } from 'node:zlib';
import { fillExample } from '../../../src/rules/examples.ts';
import { base64, base64url, bytesOf, each, hex, wrap } from '../../decoders/encode.ts';
import { type Probe, SETTINGS, TOKEN } from './probe.ts';

const noise = fillExample('{{lower:60}}\n{{lower:60}}\n{{lower:60}}\n');
const escaped = each(TOKEN, (code) => `\\x${code.toString(16)}`);

const ESCAPES = 'character escapes';
const JOINED = 'joined strings';

type Row = [name: string, way: string, file: string, before: string, encoded: string, after: string];

const ROWS: Row[] = [
  ['base64', 'base64', 'a.py', 'x = "', base64(TOKEN), '"\n'],
  ['base64 without padding', 'base64', 'a.py', 'x = "', base64(`${TOKEN} `).replace(/=+$/, ''), '"\n'],
  ['base64, url-safe', 'base64', 'a.txt', 'see ', base64url(`?~>?~>${TOKEN}`.replace('>g', '> g')), ' there\n'],
  [
    'base64 wrapped over lines',
    'base64',
    'a.pem',
    '-----BEGIN DATA-----\n',
    wrap(base64(SETTINGS.repeat(2)), 64, '\n'),
    '\n-----END DATA-----\n',
  ],
  [
    'base64 in a block of YAML',
    'base64',
    'a.yml',
    'kind: Secret\ndata:\n  env: |\n    ',
    wrap(base64(SETTINGS), 76, '\n    '),
    '\n',
  ],
  ['base64 twice', 'base64 → base64', 'a.json', '{"x": "', base64(base64(TOKEN)), '"}\n'],
  ['gzip in base64', 'base64 → gzip', 'a.tf', 'user_data = "', base64(gzipSync(SETTINGS)), '"\n'],
  ['zlib in base64', 'base64 → zlib', 'a.py', 'exec(z(b"', base64(deflateSync(`x = "${TOKEN}"`)), '"))\n'],
  ['gzip in hexadecimal digits', 'hex → gzip', 'a.txt', 'x ', hex(gzipSync(SETTINGS)), '\n'],
  ['zlib in hexadecimal digits', 'hex → zlib', 'a.txt', 'x ', `0x${hex(deflateSync(SETTINGS))}`, '\n'],
  [
    'gzip in base64 wrapped over lines',
    'base64 → gzip',
    'a.yml',
    'x: |\n  ',
    wrap(base64(gzipSync(noise + SETTINGS)), 76, '\n  '),
    '\n',
  ],
  [
    'a release of Helm',
    'base64 → base64 → gzip',
    'a.yml',
    'kind: Secret\ndata:\n  release: ',
    base64(base64(gzipSync(JSON.stringify({ manifest: SETTINGS })))),
    '\n',
  ],
  [
    'base64 in gzip in base64',
    'base64 → gzip → base64',
    'a.json',
    '{"x": "',
    base64(gzipSync(JSON.stringify({ data: base64(SETTINGS) }))),
    '"}\n',
  ],
  ['a list of bytes', 'byte array', 'a.js', 'x = ', `String.fromCharCode(${bytesOf(TOKEN, 10)})`, ';\n'],
  [
    'a list of bytes in hexadecimal digits',
    'byte array',
    'a.c',
    'char x[] = ',
    `{ ${bytesOf(TOKEN, 16).join(', ')} }`,
    ';\n',
  ],
  [
    'a list of bytes over lines',
    'byte array',
    'a.py',
    'x = ',
    `bytes([\n  ${bytesOf(TOKEN, 10).join(',\n  ')},\n])`,
    '\n',
  ],
  ['base64 in a data URL', 'base64', 'a.css', 'url(data:text/plain;base64,', base64(TOKEN), ')\n'],
  ['base64 of UTF-16', 'base64', 'a.ps1', 'powershell -enc ', base64(Buffer.from(`$x = "${TOKEN}"`, 'utf16le')), '\n'],
  [
    'the data of a Kubernetes Secret',
    'base64',
    'secret.yml',
    'apiVersion: v1\nkind: Secret\ndata:\n  token: ',
    base64(TOKEN),
    '\n',
  ],
  ['hexadecimal digits', 'hex', 'a.go', 'x := "', hex(TOKEN), '"\n'],
  ['percent-encoding', 'percent-encoding', 'a.txt', 'GET /x?y=', each(TOKEN, (c) => `%${c.toString(16)}`), '&z=1\n'],
  ['\\uXXXX', ESCAPES, 'a.js', "x = '", each(TOKEN, (c) => `\\u${c.toString(16).padStart(4, '0')}`), "'\n"],
  ['\\uXXXX in JSON', ESCAPES, 'a.json', '{"x": "', each(TOKEN, (c) => `\\u00${c.toString(16)}`), '"}\n'],
  ['\\u{XX}', ESCAPES, 'a.js', "x = '", each(TOKEN, (c) => `\\u{${c.toString(16)}}`), "'\n"],
  ['\\xNN', ESCAPES, 'a.c', 'x = "', escaped, '";\n'],
  ['octal escapes', ESCAPES, 'a.c', 'x = "', each(TOKEN, (c) => `\\${c.toString(8).padStart(3, '0')}`), '";\n'],
  ['HTML entities', 'HTML entities', 'a.html', '<p>', each(TOKEN, (c) => `&#${c};`), '</p>\n'],
  ['hexadecimal HTML entities', 'HTML entities', 'a.xml', '<p>', each(TOKEN, (c) => `&#x${c.toString(16)};`), '</p>\n'],
  ['literals that are joined', JOINED, 'a.js', 'x = "', `${TOKEN.slice(0, 12)}" + "${TOKEN.slice(12)}`, '"\n'],
  ['adjacent literals in a line', JOINED, 'a.c', 'x = "', wrap(TOKEN, 12, '" "'), '";\n'],
  ['adjacent literals, one under the other', JOINED, 'a.py', 'x = ("', wrap(TOKEN, 10, '"\n     "'), '")\n'],
  ['joined literals over lines', JOINED, 'a.java', 'x = "', wrap(TOKEN, 10, '"\n    + "'), '";\n'],
  ['a line that is carried on', JOINED, 'a.sh', 'export X="', `${TOKEN.slice(0, 20)}\\\n${TOKEN.slice(20)}`, '"\n'],
  ['base64 in joined literals', `${JOINED} → base64`, 'a.js', 'x = "', wrap(base64(SETTINGS), 30, '" +\n  "'), '"\n'],
  ['escapes in base64', `base64 → ${ESCAPES}`, 'a.js', 'x = "', base64(escaped), '"\n'],
  [
    'the payload of a web token',
    'JWT',
    'a.http',
    `Authorization: Bearer ${base64url('{"alg":"HS256","typ":"JWT"}')}.`,
    base64url(JSON.stringify({ sub: 'x', gh: TOKEN })),
    `.${fillExample('{{base64url:43}}')}\n`,
  ],
];

/** The token in every encoding, each in a file of its own. */
export const ENCODED: Probe[] = ROWS.map(([name, way, file, before, encoded, after], i) => ({
  name,
  file: `encoded/${i}/${file}`,
  content: `first line\n${before}${encoded}${after}last line\n`,
  line: 1 + before.split('\n').length,
  way,
  stands: encoded,
}));

function utf32(text: string): Buffer {
  return Buffer.concat([...text].map((c) => Buffer.from(Uint32Array.of(c.codePointAt(0)!).buffer)));
}

const CHARACTER_SETS: [name: string, bytes: (text: string) => Buffer][] = [
  ['UTF-16 LE', (text) => Buffer.from(text, 'utf16le')],
  ['UTF-16 BE', (text) => Buffer.from(text, 'utf16le').swap16()],
  ['UTF-32 LE', utf32],
  ['UTF-32 BE', (text) => utf32(text).swap32()],
];

/** The token in texts of two or four bytes a character. */
export const WIDE: Probe[] = CHARACTER_SETS.flatMap(([name, bytes]) => [
  {
    name: `${name} with a byte order mark`,
    file: `wide/${name} BOM.txt`,
    content: bytes(`\ufeff${SETTINGS}`),
    line: 2,
  },
  { name: `${name} without one`, file: `wide/${name}.txt`, content: bytes(SETTINGS), line: 2 },
]);
