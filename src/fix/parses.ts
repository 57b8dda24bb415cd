import { spawn } from 'node:child_process';
import vm from 'node:vm';
import { languageOf } from './languages.ts';

/** A file before and after its edits. */
export interface Edition {
  path: string;
  before: string;
  after: string;
}

/** Whether texts can be parsed; undefined where that cannot be told. */
type Checker = (texts: readonly string[]) => Promise<(boolean | undefined)[]>;

/**
 * Which files could be parsed before their edits and cannot be after them. Where no parser is at hand, or a file could not
 * be parsed before, that is not known, and false. Nothing of what is parsed is run.
 */
export async function broken(editions: readonly Edition[]): Promise<boolean[]> {
  const groups = new Map<Checker, number[]>();
  for (const [i, { path, before }] of editions.entries()) {
    const checker = checkerFor(path, before);
    if (checker) groups.set(checker, [...(groups.get(checker) ?? []), i]);
  }
  const out = editions.map(() => false);
  for (const [checker, all] of groups) {
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const here = all.slice(at, at + AT_ONCE);
      const texts = here.flatMap((i) => [editions[i]!.before, editions[i]!.after]);
      const parsed = await checker(texts);
      for (const [k, i] of here.entries()) out[i] = parsed[2 * k] === true && parsed[2 * k + 1] === false;
    }
  }
  return out;
}

/** So many files are handed to a parser together. */
const AT_ONCE = 50;
const LONGEST_WAIT = 60_000;

const attempt = (parse: (text: string) => unknown): Checker => {
  return async (texts) =>
    texts.map((text) => {
      try {
        return parse(text) !== false;
      } catch {
        return false;
      }
    });
};

/** A program that reads one text from standard input. */
const each = (command: string, ...args: string[]): Checker => {
  return (texts) => Promise.all(texts.map(async (text) => (await run(command, args, text))?.ok));
};

/** A program that reads a JSON list of texts, and writes a list of what could be parsed. */
const together = (command: string, ...args: string[]): Checker => {
  return async (texts) => {
    const answer = await run(command, args, JSON.stringify(texts));
    if (!answer?.ok) return texts.map(() => undefined);
    return [...answer.output.trim()].map((one) => one === '1');
  };
};

const json = attempt((text) => JSON.parse(text));
const yaml: Checker = async (texts) => {
  const { parseAllDocuments } = await import('yaml');
  return attempt((text) => parseAllDocuments(text, { logLevel: 'silent' }).every(({ errors }) => errors.length === 0))(
    texts,
  );
};
const toml: Checker = async (texts) => {
  const { parse } = await import('smol-toml');
  return attempt(parse)(texts);
};
const script = attempt((text) => new vm.Script(text));
const READ_LIST = "JSON.parse(require('fs').readFileSync(0, 'utf8'))";
const modules = together(
  process.execPath,
  '--no-warnings',
  '--experimental-vm-modules',
  '-e',
  `process.stdout.write(${READ_LIST}.map((t) => { try { new (require('vm').SourceTextModule)(t); return 1 } catch { return 0 } }).join(''))`,
);
/** A program of JavaScript is a script or a module. */
const javascript: Checker = async (texts) => {
  const asScripts = await script(texts);
  if (asScripts.every((ok) => ok)) return asScripts;
  const asModules = await modules(texts);
  return asScripts.map((ok, i) => ok || asModules[i]);
};
const PYTHON = `import ast, json, sys
for text in json.loads(sys.stdin.buffer.read()):
    try:
        ast.parse(text)
        print(1, end="")
    except Exception:
        print(0, end="")`;
const BY_LANGUAGE: Partial<Record<string, Checker>> = {
  javascript,
  // Isolated: nothing of the current directory is imported.
  python: together('python3', '-I', '-c', PYTHON),
  ruby: each('ruby', '-c', '-'),
  go: each('gofmt', '-e'),
  shell: each('bash', '-n'),
};

function checkerFor(path: string, text: string): Checker | undefined {
  if (/\.json$/i.test(path)) return json;
  if (/\.ya?ml$/i.test(path)) return yaml;
  if (/\.toml$/i.test(path)) return toml;
  const language = languageOf(path, text);
  return typeof language === 'string' ? BY_LANGUAGE[language] : undefined;
}

/** Undefined where the program is not there, or does not answer. */
function run(
  command: string,
  args: readonly string[],
  input: string,
): Promise<{ ok: boolean; output: string } | undefined> {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true, timeout: LONGEST_WAIT });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, 1000);
    });
    child.once('error', () => done(undefined));
    child.once('close', (code) => done(code === null ? undefined : { ok: code === 0, output }));
    child.stdin.on('error', () => undefined).end(input);
  });
}
