// Data that the benchmarks make themselves: text like code with a few planted secrets, as a tree or as a history. The same
// arguments always make the same bytes. The secrets are random, and put together here.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS =
  `account action address amount array attribute balance batch block buffer build cache callback change channel
client column command comment config connection content context counter cursor customer data default delta device digest
document domain element entry error event field file filter flag format frame group handler header height history image
index input instance interval invoice item key label language layout length level limit line list locale location loop
marker match member memory message method mode module month name node number object offset option order output owner
package page panel parameter parent parser path payment pixel place point policy position prefix price process product
profile project query queue random range rate reader record region request resource response result route row sample
scope score section segment select sequence server service session setting shape signal size slice source stack stage
state status step storage stream string style subject suffix summary symbol system table target task template text
thread ticket time title token topic total trace track tree type unit update user value variant vector version view
visitor weight width window worker writer year zone`.split(/\s+/);

/** A maker of lines for each kind of file. */
const KINDS = {
  js: ({ word, camel, number }) => [
    `export function ${camel()}(${word()}, ${word()}) {`,
    `  const ${camel()} = ${word()}.${camel()}(${number(100)}, '${word()}');`,
    `  if (${word()}.${word()} > ${number(1000)}) return ${camel()}(${word()});`,
    `  // The ${word()} of the ${word()} comes before its ${word()}.`,
    `  for (const ${word()} of ${word()}.${word()}s) this.${camel()}.set(${word()}.id, ${word()} ?? null);`,
    `import { ${camel()}, ${camel()} } from './${word()}/${word()}-${word()}.js';`,
    '}',
    '',
  ],
  py: ({ word, number }) => [
    `def ${word()}_${word()}(self, ${word()}, ${word()}=None):`,
    `    ${word()}_${word()} = self.${word()}.get("${word()}", ${number(100)})`,
    `    if not ${word()}.${word()} or ${word()}[${number(9)}] == "${word()} ${word()}":`,
    `    raise ValueError(f"no ${word()} for {${word()}}")`,
    `    # ${word()}: see the ${word()} of ${word()}s`,
    `    return [${word()} for ${word()} in ${word()}s if ${word()}]`,
    '',
  ],
  yaml: ({ word, number }) => [
    `${word()}_${word()}:`,
    `  ${word()}: ${word()}-${word()}`,
    `  ${word()}s: [${number(100)}, ${number(100)}]`,
    `  - name: "${word()} ${word()}"`,
    `  # how the ${word()} gets its ${word()}`,
  ],
};
const ENDINGS = Object.keys(KINDS);

function makerFrom(random) {
  const number = (below) => Math.floor(random() * below);
  const pick = (list) => list[number(list.length)];
  const word = () => pick(WORDS);
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const letters = (length, of) => Array.from({ length }, () => pick(of)).join('');
  const says = { word, number, camel: () => word() + capital(word()) };
  const line = (kind) => pick(KINDS[kind](says));
  return {
    number,
    line,
    lines(kind, bytes) {
      const all = [];
      for (let size = 0; size < bytes; size += all.at(-1).length + 1) all.push(line(kind));
      return all;
    },
    path: (i, kind) => `${word()}/${word()}/${word()}-${i}.${kind}`,
    /** A line with a key of AWS or with a password. */
    secret() {
      if (number(2) === 0) return `aws_access_key_id = "${'AKI'}A${letters(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}"`;
      return `smtp_password = "${letters(18, 'abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ23456789!%+')}"`;
    },
  };
}

/** One file in so many has a secret, and one version in so many has one that its next version lacks. */
const FILES_PER_SECRET = 40;
const VERSIONS_PER_SECRET = 500;

/**
 * Fills `folder` with files of 1 to 60 kB.
 * @returns how many files, bytes and secrets that makes
 */
export function makeTree({ folder, megabytes, seed = 1 }) {
  const make = makerFrom(randomFrom(seed));
  const made = { files: 0, bytes: 0, secrets: 0 };
  while (made.bytes < megabytes * 1e6) {
    const kind = ENDINGS[made.files % ENDINGS.length];
    const lines = make.lines(kind, 1000 + make.number(make.number(59_000) + 1));
    if (made.files % FILES_PER_SECRET === 0) {
      lines.splice(make.number(lines.length), 0, make.secret());
      made.secrets++;
    }
    const text = `${lines.join('\n')}\n`;
    const path = join(folder, make.path(made.files, kind));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    made.files++;
    made.bytes += text.length;
  }
  return made;
}

/** Versions of a file: many, so that a history is what repositories are, lines that were seen before. */
const VERSIONS = 50;
const VERSION_BYTES = 20_000;

/**
 * Makes a bare repository in `folder`, with `megabytes` of blobs: files of some 20 kB in fifty versions each, of which every
 * one has a few other lines than the one before. Takes a hundredth of that on disk.
 * @returns how many commits, blobs, bytes and secrets that makes
 */
export async function makeHistory({ folder, megabytes, seed = 1 }) {
  const made = { commits: 0, blobs: 0, bytes: 0, secrets: 0 };
  await git(['init', '--quiet', '--bare', '--initial-branch=main', folder]);
  await git(['fast-import', '--quiet', '--depth=50'], { cwd: folder, input: importStream({ megabytes, seed, made }) });
  return made;
}

/** What `git fast-import` reads. The versions of a file come one after the other, as it packs them best. */
function* importStream({ megabytes, seed, made }) {
  const random = randomFrom(seed);
  const make = makerFrom(random);
  const files = [];
  while (made.bytes < megabytes * 1e6) {
    const kind = ENDINGS[files.length % ENDINGS.length];
    const path = make.path(files.length, kind);
    const lines = make.lines(kind, VERSION_BYTES);
    const marks = [];
    if (files.length % FILES_PER_SECRET === 0) {
      lines.splice(make.number(lines.length), 0, make.secret());
      made.secrets++;
    }
    for (let version = 0; version < VERSIONS && made.bytes < megabytes * 1e6; version++) {
      for (let change = 0; change < 3; change++) {
        const at = make.number(lines.length);
        // A planted secret stays where it is.
        if (!/^(?:aws|smtp)_/.test(lines[at])) lines[at] = make.line(kind);
      }
      const short = made.blobs % VERSIONS_PER_SECRET === VERSIONS_PER_SECRET - 1 ? [make.secret()] : [];
      made.secrets += short.length;
      const text = `${[...short, ...lines].join('\n')}\n`;
      made.blobs++;
      made.bytes += text.length;
      marks.push(made.blobs);
      yield `blob\nmark :${made.blobs}\ndata ${text.length}\n${text}\n`;
    }
    files.push({ path, marks });
  }
  const commit = (message, changes) => {
    made.commits++;
    const head = `commit refs/heads/main\ncommitter Ada Author <ada@example.com> ${1_600_000_000 + made.commits * 60} +0000\n`;
    return `${head}data ${message.length}\n${message}\n${changes.join('')}\n`;
  };
  for (let version = 0; version < VERSIONS; version++) {
    // Each commit brings the next version of five files.
    for (let first = 0; first < files.length; first += 5) {
      const changes = files
        .slice(first, first + 5)
        .flatMap(({ path, marks }) => (version < marks.length ? [`M 100644 :${marks[version]} ${path}\n`] : []));
      if (changes.length > 0) yield commit(`Change ${changes.length} files, step ${version}`, changes);
    }
  }
}

async function git(args, { cwd, input = [] } = {}) {
  const child = spawn('git', args, { cwd, stdio: ['pipe', 'ignore', 'inherit'] });
  const closed = once(child, 'close');
  // What git says of it is printed, and its exit code counts.
  child.stdin.on('error', () => undefined);
  for (const part of input) if (!child.stdin.write(part)) await Promise.race([once(child.stdin, 'drain'), closed]);
  child.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${code}`);
}
