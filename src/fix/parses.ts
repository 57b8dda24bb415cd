import { spawn } from 'node:child_process';
import vm from 'node:vm';
import { languageOf } from './languages.ts';

/** A parser that reads a program from standard input, and runs nothing of it. */
interface Parser {
  command: string;
  args: readonly string[];
}

const PARSERS: Partial<Record<string, readonly Parser[]>> = {
  javascript: [{ command: process.execPath, args: ['--check', '--input-type=module', '-'] }],
  // Isolated: nothing of the current directory is imported.
  python: [{ command: 'python3', args: ['-I', '-c', 'import ast, sys; ast.parse(sys.stdin.buffer.read())'] }],
  ruby: [{ command: 'ruby', args: ['-c', '-'] }],
  go: [{ command: 'gofmt', args: ['-e'] }],
  shell: [{ command: 'bash', args: ['-n'] }],
};
const LONGEST_WAIT = 20_000;

/**
 * Whether a file that could be parsed before its edits cannot be parsed after them. Where no parser is at hand, or the
 * file could not be parsed before, that is not known, and false.
 */
export async function isBroken(input: { path: string; before: string; after: string }): Promise<boolean> {
  const { path, before, after } = input;
  for (const parses of await checksFor(path, before)) {
    if ((await parses(before)) !== true) continue;
    return (await parses(after)) === false;
  }
  return false;
}

type Check = (text: string) => boolean | undefined | Promise<boolean | undefined>;

async function checksFor(path: string, text: string): Promise<Check[]> {
  if (/\.json$/.test(path)) return [(json) => attempt(() => JSON.parse(json))];
  if (/\.ya?ml$/.test(path)) {
    const { parseAllDocuments } = await import('yaml');
    return [(yaml) => parseAllDocuments(yaml, { logLevel: 'silent' }).every(({ errors }) => errors.length === 0)];
  }
  if (/\.toml$/.test(path)) {
    const { parse } = await import('smol-toml');
    return [(toml) => attempt(() => parse(toml))];
  }
  const language = languageOf(path, text);
  if (typeof language !== 'string') return [];
  const script: Check[] = language === 'javascript' ? [(code) => attempt(() => new vm.Script(code))] : [];
  const own = PARSERS[language] ?? [];
  return [
    ...script,
    ...own.map(
      (parser): Check =>
        (code) =>
          run(parser, code),
    ),
  ];
}

function attempt(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

/** Undefined where the program is not there, or does not answer. */
function run({ command, args }: Parser, text: string): Promise<boolean | undefined> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
      timeout: LONGEST_WAIT,
    });
    child.once('error', () => done(undefined));
    child.once('close', (code) => done(code === null ? undefined : code === 0));
    child.stdin.on('error', () => undefined).end(text);
  });
}
