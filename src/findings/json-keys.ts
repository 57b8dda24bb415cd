import type { Allow, Candidate, TextChunk } from '../types.ts';
import { ownCopy } from '../util/own-copy.ts';

/** One object or list that is open: the name or number of what stands in it now. */
interface Level {
  isList: boolean;
  key: string;
  index: number;
}

const DEEPEST = 200;
const LONGEST_KEY = 200;

/** Whether a file is JSON by its name, comments in it or not. */
export function isJsonPath(logicalPath: string): boolean {
  return /\.(?:json[c5]?|ipynb|webmanifest|har|tfstate|geojson)$/i.test(logicalPath);
}

/** Where candidates of a text stand in it, by their starts, if it is JSON and an allowlist asks for keys; else nothing. */
export function askedKeyPaths(input: {
  chunk: TextChunk;
  candidates: readonly Candidate[];
  allow: readonly Allow[];
}): ReadonlyMap<number, string> {
  const { chunk, candidates, allow } = input;
  if (!isJsonPath(chunk.logicalPath) || !allow.some(({ keys }) => keys)) return new Map();
  const starts = candidates.map(({ start }) => start);
  return keyPathsAt(chunk.text, starts);
}

/**
 * Where offsets of a JSON text stand, as names and numbers joined by dots: `db.users.0.password`. Reads past what is not
 * JSON, comments above all; undefined for what stands in nothing.
 */
export function keyPathsAt(text: string, offsets: readonly number[]): Map<number, string> {
  const paths = new Map<number, string>();
  const wanted = [...new Set(offsets)].sort((a, b) => a - b);
  const levels: Level[] = [];
  const token = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[{}[\],:]/g;
  let last: string | undefined;
  let next = 0;
  /** Answers for all offsets before `end`, which stand in what is open now. */
  const answer = (end: number) => {
    for (; next < wanted.length && wanted[next]! < end; next++) {
      if (levels.length > 0) paths.set(wanted[next]!, levels.map(nameOf).join('.'));
    }
  };
  for (const { 0: found, index } of text.matchAll(token)) {
    answer(index + found.length);
    if (next === wanted.length) break;
    const level = levels.at(-1);
    if (found.startsWith('"')) last = found;
    else if (found === ':' && level && !level.isList && last !== undefined) level.key = keyOf(last);
    else if (found === ',' && level) level.index++;
    else if ((found === '{' || found === '[') && levels.length < DEEPEST) {
      levels.push({ isList: found === '[', key: '', index: 0 });
    } else if (found === '}' || found === ']') levels.pop();
  }
  answer(text.length + 1);
  return paths;
}

function nameOf({ isList, key, index }: Level): string {
  return isList ? String(index) : key;
}

function keyOf(quoted: string): string {
  try {
    return ownCopy(String(JSON.parse(quoted)).slice(0, LONGEST_KEY));
  } catch {
    return ownCopy(quoted.slice(1, -1).slice(0, LONGEST_KEY));
  }
}
