// Inputs that are made to harm whoever reads them: each is a folder that `make` fills.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from './run.mjs';

const { outputFiles } = await build({
  stdin: {
    contents: `export * from './make-hostile.ts'; export * from './make-packed.ts';`,
    resolveDir: join(root, 'test', 'containers'),
  },
  ...{ bundle: true, write: false, format: 'esm', platform: 'node' },
});
const make = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);

const MB = 1_000_000;
const password = ['xK9#mQ2v', 'Lp7!wR4z'].join('');
const secret = `password = "${password}"\n`;
const noLimit = ['--max-file-size', '0'];

/** Files of these names and contents. */
const files = (contents) => (folder) => {
  for (const [name, content] of Object.entries(contents())) writeFileSync(join(folder, name), content);
};

/** A file of `count` pieces. */
const large = (name, piece, count) => (folder) => {
  const file = openSync(join(folder, name), 'w');
  for (let i = 0; i < count; i++) writeSync(file, piece);
  closeSync(file);
};

function repository(folder) {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  const git = (...args) => execFileSync('git', [...who, ...args], { cwd: folder, env, stdio: 'pipe' });
  const outside = join(folder, '..', 'outside.env');
  writeFileSync(outside, secret);
  git('init', '-q');
  writeFileSync(join(folder, 'new\nline.py'), secret);
  symlinkSync(outside, join(folder, 'out.env'));
  symlinkSync('/', join(folder, 'root'));
  symlinkSync('self', join(folder, 'self'));
  git('add', '.');
  git('commit', '-q', '-m', 'odd');
  writeFileSync(join(folder, 'new\nline.py'), `${secret}# more\n`);
  writeFileSync(join(folder, '-rf'), secret);
  git('add', '.');
}

/** Folders in each other; where the path grows too long for the system, from inside. */
const deep = (levels, name) => (folder) => {
  const start = process.cwd();
  process.chdir(folder);
  for (let i = 0; i < levels; i++) {
    mkdirSync(name);
    process.chdir(name);
  }
  writeFileSync('deep.py', secret);
  process.chdir(start);
};

const code = Buffer.from('function a(b,c){return b.d(c)?b[c]:a(b.e,c)}var f=a({},"g");'.repeat(16_667));

/** What is scanned, with what options, and the exit code that is right: 2 where something that should be read cannot be. */
export const HOSTILE = [
  {
    name: '16 files of 9 MB in 16 zips in 16 zips',
    exit: 0,
    make: files(() => ({ 'a.zip': make.zipOfZips({ levels: 3, bytes: 9 * MB }) })),
  },
  {
    name: 'zip of 10,000 names for one 9 MB file',
    exit: 0,
    make: files(() => ({ 'a.zip': make.overlappingZip({ names: 10_000, bytes: 9 * MB }) })),
  },
  { name: '1,000 zips in each other', exit: 0, make: files(() => ({ 'a.zip': make.nestedZip(1000) })) },
  {
    name: '1 GB of zeros in gzip in gzip',
    exit: 0,
    make: files(() => ({ 'a.gz': gzipSync(gzipSync(Buffer.alloc(1000 * MB))) })),
  },
  { name: '1 GB of one letter in 32 kB of zstd', exit: 0, make: files(() => ({ 'a.zst': make.zstdBomb(8000) })) },
  { name: 'the same, no size limit', exit: 0, args: noLimit, make: files(() => ({ 'a.zst': make.zstdBomb(8000) })) },
  {
    name: 'tar with ../, absolute names and links',
    exit: 1,
    make: files(() => ({ 'a.tar': make.tarThatLeadsOut(secret) })),
  },
  {
    name: '10,000 arrays in each other',
    exit: 0,
    make: files(() => ({ 'a.json': make.nestedArrays(10_000), 'a.ipynb': make.nestedNotebook(10_000) })),
  },
  {
    name: '1,000,000 arrays in each other',
    exit: 0,
    make: files(() => ({ 'a.json': make.nestedArrays(MB), 'a.ipynb': make.nestedNotebook(MB) })),
  },
  { name: '1 GB of A', exit: 0, make: large('a.txt', Buffer.alloc(10 * MB, 'A'), 100) },
  { name: 'the same, no size limit', exit: 0, args: noLimit, make: large('a.txt', Buffer.alloc(10 * MB, 'A'), 100) },
  {
    name: 'half a database',
    exit: 0,
    make: files(() => ({ 'a.sqlite': make.makeSqlite('t', 'c', 'some text').subarray(0, 512) })),
  },
  { name: 'zip with 1,000,000 names', exit: 0, make: files(() => ({ 'a.zip': make.zipOfNames(MB) })) },
  { name: 'the same, no size limit', exit: 0, args: noLimit, make: files(() => ({ 'a.zip': make.zipOfNames(MB) })) },
  { name: 'PDF that is in itself', exit: 0, make: files(() => ({ 'a.pdf': make.pdfInItself() })) },
  { name: 'repository with odd names and links', exit: 1, make: repository },
  { name: 'the same, staged', exit: 1, args: ['--staged'], make: repository },
  { name: 'the same, its history', exit: 1, args: ['--history'], make: repository },
  { name: '1,000 folders in each other', exit: 1, make: deep(1000, 'a') },
  { name: '1,000 with a path of 20,000 bytes', exit: 2, make: deep(1000, 'a'.repeat(19)) },
  { name: '100 MB in one line of code', exit: 0, make: large('a.min.js', code, 100) },
  { name: 'the same, no size limit', exit: 0, args: noLimit, make: large('a.min.js', code, 100) },
];
