import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { plain } from '../findings/redact.ts';
import { decode } from '../sources/decode.ts';
import { UserError } from '../util/errors.ts';
import type { DiffLine } from './diff.ts';
import { readVariables, variableLine, withPattern, withVariables } from './dotenv.ts';
import type { RepositoryFacts } from './repository-facts.ts';
import { readTextFile } from './text-file.ts';

/** A file that is written when the user agrees: whole or not at all. */
export interface FileChange {
  /** As it is shown. */
  path: string;
  /** Absolute. */
  file: string;
  /** What it holds now; undefined where there is none. */
  before: Buffer | undefined;
  after: Buffer;
  /** Of a file that is new. */
  mode?: number;
  diff: readonly DiffLine[];
}

/** A file of variables, or one that is still to be made. */
export interface EnvFile {
  path: string;
  file: string;
  before: Buffer | undefined;
  text: string;
  encode: (text: string) => Buffer;
  decode: (bytes: Buffer) => string;
  variables: ReadonlyMap<string, string | undefined>;
}

const EXAMPLES = ['.env.example', '.env.sample', '.env.template', '.env.dist', 'env.example', 'example.env'];

/** The file in which the names of variables are listed: the one that is there, else `.env.example`. */
export function openExample(root: string, cwd: string): EnvFile {
  const name = EXAMPLES.find((one) => existsSync(join(root, one))) ?? EXAMPLES[0]!;
  return openEnvFile(join(root, name), { root, cwd });
}

/**
 * The file that values are to be put in.
 * @throws UserError where git would take it up
 */
export async function openValues(
  name: string,
  { cwd, facts }: { cwd: string; facts: RepositoryFacts },
): Promise<EnvFile> {
  const file = resolve(cwd, name);
  if (facts.inGit && !(await facts.isIgnored(file))) {
    throw new UserError(`git does not ignore ${name}: values do not go there`, {
      hint: `add ${basename(name)} to .gitignore first (and if git tracks it: git rm --cached ${name})`,
    });
  }
  if (!existsSync(dirname(file))) throw new UserError(`cannot write ${name}: there is no folder ${dirname(name)}`);
  return openEnvFile(file, { root: dirname(file), cwd });
}

function openEnvFile(file: string, { root, cwd }: { root: string; cwd: string }): EnvFile {
  const path = relative(cwd, file).replaceAll('\\', '/');
  if (!existsSync(file)) {
    const [encode, decode] = [(text: string) => Buffer.from(text), (bytes: Buffer) => bytes.toString()];
    return { path, file, before: undefined, text: '', encode, decode, variables: new Map() };
  }
  const read = readTextFile({ file, root });
  if ('refused' in read)
    throw new UserError(`cannot write ${path}: ${read.refused}`, read.todo ? { hint: read.todo } : {});
  const { bytes, text, encode } = read;
  const textOf = (some: Buffer) => decode(some).text;
  return { path, file: read.file, before: bytes, text, encode, decode: textOf, variables: readVariables(text) };
}

/**
 * The names that are new to a file of variables, without their values.
 * @param empty what stands in the place of values
 */
export function exampleChange(example: EnvFile, names: Iterable<string>, empty: string): FileChange | undefined {
  const fresh = [...new Set(names)].filter((name) => !example.variables.has(name)).sort();
  return changeOf(
    example,
    fresh.map((name) => ({ name, line: `${name}=${empty}`, shown: `${name}=${empty}` })),
  );
}

/** The values that are new to a file of variables. */
export function valuesChange(values: EnvFile, variables: ReadonlyMap<string, string>): FileChange | undefined {
  const fresh = [...variables].filter(([name]) => !values.variables.has(name));
  const lines = fresh.map(([name, value]) => ({ name, line: variableLine(name, value)!, shown: `${name}=********` }));
  const change = changeOf(values, lines);
  return change && { ...change, mode: 0o600 };
}

function changeOf(
  { path, file, before, text, encode }: EnvFile,
  lines: readonly { name: string; line: string; shown: string }[],
): FileChange | undefined {
  if (lines.length === 0) return undefined;
  const after = encode(
    withVariables(
      text,
      lines.map(({ name, line }) => [name, line] as const),
    ),
  );
  return { path, file, before, after, diff: lines.map(({ shown }) => ({ kind: '+', text: plain(shown) })) };
}

/** The patterns that are new to the `.gitignore` of a repository. */
export function ignoreChange(input: { root: string; cwd: string; patterns: Iterable<string> }): FileChange | undefined {
  const { root, cwd } = input;
  const { path, file, before, text, encode } = openEnvFile(join(root, '.gitignore'), { root, cwd });
  let after = text;
  const added: string[] = [];
  for (const pattern of new Set(input.patterns)) {
    const next = withPattern(after, pattern);
    if (next === undefined) continue;
    after = next;
    added.push(pattern);
  }
  if (added.length === 0) return undefined;
  return { path, file, before, after: encode(after), diff: added.map((line) => ({ kind: '+', text: plain(line) })) };
}
