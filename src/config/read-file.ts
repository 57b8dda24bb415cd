import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { UserError } from '../util/errors.ts';

/** A parsed configuration file. */
export interface ParsedFile {
  data: unknown;
  /** 1-based line of a key, as far as it can be told. */
  lineOf(path: readonly (string | number)[]): Promise<number | undefined>;
}

const LARGEST = 1_000_000;
export const FORMATS = ['.toml', '.yaml', '.yml', '.json'];

/**
 * Reads a configuration file as text.
 *
 * @throws UserError when it cannot be read, is no plain file, is too large (1 MB) or is not UTF-8
 */
export async function readText(path: string, shown: string): Promise<string> {
  let bytes: Buffer;
  try {
    // Asked before it is opened: opening a pipe waits for somebody to write into it.
    const stats = await stat(path);
    if (!stats.isFile()) throw new UserError(`${shown} is not a file`);
    if (stats.size > LARGEST) throw new UserError(`${shown} is larger than a configuration can be (1 MB)`);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'it does not exist' : code === 'EACCES' ? 'permission denied' : code;
    throw new UserError(`cannot read the configuration ${shown}: ${why}`, { cause: error });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${shown} is not valid UTF-8`, { hint: 'Save it as UTF-8 in your editor.' });
  }
}

/**
 * Parses `text` by the extension of `shown`. The errors of the parsers are put into words of our own where theirs would
 * quote the file: an allowlist may hold real passwords.
 *
 * @throws UserError with file, line and column
 */
export async function parseConfig(text: string, shown: string): Promise<ParsedFile> {
  const extension = extname(shown).toLowerCase();
  if (extension === '.toml') return parseToml(text, shown);
  if (extension === '.json') return parseJson(text, shown);
  if (extension === '.yaml' || extension === '.yml') return parseYaml(text, shown);
  throw new UserError(`cannot tell the format of ${shown}`, { hint: `Its name must end in ${FORMATS.join(', ')}.` });
}

function broken(shown: string, place: { line: number; column: number } | undefined, why: string): UserError {
  return new UserError(`${shown}${place ? `:${place.line}:${place.column}` : ''}: ${why}`);
}

async function parseToml(text: string, shown: string): Promise<ParsedFile> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    const data = parse(text);
    return { data, lineOf: async (path) => (await import('./toml-lines.ts')).tomlLineOf(text, path) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw broken(shown, undefined, 'it is nested too deeply to be read');
    const why = error.message.split('\n', 1)[0]!.replace(/^Invalid TOML document: /, '');
    throw broken(shown, error, `not valid TOML: ${why}`);
  }
}

async function parseYaml(text: string, shown: string): Promise<ParsedFile> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false });
    const [error] = document.errors;
    if (error) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      throw broken(shown, { line, column: col }, `not valid YAML: ${error.message.split('\n', 1)[0]}`);
    }
    return { data: document.toJS({ maxAliasCount: 100 }) ?? {}, lineOf: (path) => yamlLineOf(text, path) };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw broken(shown, undefined, 'its anchors or its nesting are more than can be read');
  }
}

async function parseJson(text: string, shown: string): Promise<ParsedFile> {
  try {
    const data: unknown = JSON.parse(text);
    // YAML is a superset of JSON, and JSON.parse keeps no positions.
    return { data, lineOf: (path) => yamlLineOf(text, path) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw broken(shown, undefined, 'it is nested too deeply to be read');
    const { findJsonError } = await import('./json-error.ts');
    const { why, ...place } = findJsonError(text);
    throw broken(shown, place, `not valid JSON: ${why}`);
  }
}

/** The line of a key, or of the closest thing above it that is there. Loaded for errors only. */
async function yamlLineOf(text: string, path: readonly (string | number)[]): Promise<number | undefined> {
  const { isNode, LineCounter, parseDocument } = await import('yaml');
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
  }
  return undefined;
}
