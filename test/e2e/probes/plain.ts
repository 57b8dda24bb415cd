import { fillExample } from '../../../src/rules/examples.ts';
import { type Probe, SETTINGS, TOKEN } from './probe.ts';

/** A line of code without end, as minifiers write them. */
function minified(length: number): string {
  const one = 'function a(b,c){return b.d(c)?b[c]:a(b.e,c)}var f=a({},"g");';
  return one.repeat(Math.ceil(length / one.length));
}

/** Bytes of all values, none of them text for long. */
function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    }),
  );
}

const lockFile = JSON.stringify(
  {
    lockfileVersion: 3,
    packages: {
      'node_modules/a': {
        version: '1.0.0',
        resolved: `git+https://${TOKEN}@github.com/owner/a.git#${fillExample('{{hex:40}}')}`,
        integrity: fillExample('sha512-{{base64:86}}=='),
      },
      'node_modules/b': {
        version: '2.0.0',
        resolved: 'https://registry.npmjs.org/b/-/b-2.0.0.tgz',
        integrity: fillExample('sha512-a{{base64:85}}=='),
      },
    },
  },
  null,
  2,
);

/** The token as it is, in files that scanners are known to pass over. */
export const PLAIN: Probe[] = [
  { name: 'a source file', file: 'plain/settings.py', content: `import os\n\ntoken = "${TOKEN}"\n`, line: 3 },
  { name: 'a hidden .env file', file: 'plain/.env', content: SETTINGS, line: 2 },
  { name: 'a package-lock.json, in an address', file: 'plain/package-lock.json', content: lockFile, line: 6 },
  {
    name: 'a line of 250 kB',
    file: 'plain/x.min.js',
    content: `/* x */\n${minified(125_000)};k="${TOKEN}";${minified(125_000)}\n`,
    line: 2,
  },
  {
    name: 'a line of 1.2 MB',
    file: 'plain/y.min.js',
    content: `/* y */\n${minified(1_100_000)};k="${TOKEN}";${minified(100_000)}\n`,
    line: 2,
  },
  {
    name: 'a run of text in a binary file',
    file: 'plain/firmware.bin',
    content: Buffer.concat([
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]),
      ...[noise(5000).map((byte) => (byte === 10 ? 0 : byte)), Buffer.from(`\0${TOKEN}\0`), noise(5000)],
    ]),
    line: 1,
  },
  { name: 'text in latin1', file: 'plain/latin1.ini', content: Buffer.from(`; für\n${SETTINGS}`, 'latin1'), line: 3 },
  { name: 'text with a byte order mark', file: 'plain/bom.env', content: `\ufeff${SETTINGS}`, line: 2 },
  { name: 'lines that end in CR LF', file: 'plain/crlf.env', content: SETTINGS.replaceAll('\n', '\r\n'), line: 2 },
];
