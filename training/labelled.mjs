// Labelled code as the fitting script sees it: the candidates of every labelled file with their observations and labels.
// Only the splits that are asked for are read, and no script of this folder asks for `test`.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { features, findCandidates, INDICATORS, settle } from '../dist/index.js';

/** A text of `path` as the chunk that the scanner would make of it. */
export function chunkOf(path, text) {
  return {
    origin: { kind: 'file' },
    path,
    logicalPath: path,
    text,
    bytes: text.length,
    encoding: 'utf-8',
    firstLine: 1,
  };
}

/** Rows of labels.csv, grouped by path: `{ path → [{ start, end, secret, spans }] }`, one for each labelled place. */
export function labelledPlaces(creddata, split) {
  if (split === 'test') throw new Error('the test split is for reporting: nothing may be fitted on it');
  const [head, ...rows] = readFileSync(join(creddata, 'labels.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((l) => l.split(','));
  const column = Object.fromEntries(head.map((name, i) => [name, i]));
  const byPath = new Map();
  for (const row of rows) {
    if (row[column.split] !== split) continue;
    const path = row[column.path];
    const places = byPath.get(path) ?? byPath.set(path, new Map()).get(path);
    const key = `${row[column.line_start]}:${row[column.line_end]}`;
    const place = places.get(key) ?? {
      start: +row[column.line_start],
      end: +row[column.line_end],
      secret: false,
      spans: [],
    };
    places.set(key, place);
    if (row[column.label] !== 'T') continue;
    place.secret = true;
    if (row[column.value_start] !== '' && row[column.value_end] !== '')
      place.spans.push([+row[column.value_start], +row[column.value_end]]);
  }
  return new Map([...byPath].map(([path, places]) => [path, [...places.values()]]));
}

/** Whether `candidate` shares a line with `place`. */
export function meets(candidate, place) {
  return candidate.line <= place.end && candidate.endLine >= place.start;
}

/** Whether `candidate` overlaps the labelled value of `place` (its lines, where the label has no span). */
export function overlaps(candidate, place) {
  if (!meets(candidate, place)) return false;
  if (place.start !== place.end || place.spans.length === 0 || candidate.line !== candidate.endLine) return true;
  return place.spans.some(([from, to]) => candidate.column - 1 < to && candidate.endColumn - 1 > from);
}

/** The observations of a candidate, or nothing when it is settled before the scorecard is asked. */
function observe(candidate) {
  const f = features(candidate);
  if (settle({ candidate, features: f, preset: 'balanced' })) return undefined;
  return INDICATORS.map(([, of]) => of(f, candidate.syntax));
}

/** `[{ x, secret, repo, labelled }]` for every generic candidate of a split. Candidates beside a secret are left out. */
export function labelledExamples({ creddata, laidOut, split, variant, rules }) {
  const examples = [];
  for (const [path, places] of labelledPlaces(creddata, split)) {
    const file = join(laidOut, variant, path);
    if (!existsSync(file)) continue;
    const [, repo, ...rest] = path.split('/');
    for (const candidate of findCandidates(chunkOf(rest.join('/'), readFileSync(file, 'utf8')), rules)) {
      const here = places.filter((p) => meets(candidate, p));
      const secret = here.some((p) => p.secret && overlaps(candidate, p));
      if (!secret && here.some((p) => p.secret)) continue;
      const x = observe(candidate);
      if (x) examples.push({ x, secret, repo, labelled: here.length > 0 });
    }
  }
  return examples;
}

/** Candidates of released packages' source, where nearly nothing is a secret: a fixed sample of the files under `dir`. */
export function harmlessExamples({ dir, rules, everyNth }) {
  const examples = [];
  for (const file of filesUnder(dir)) {
    const path = relative(dir, file);
    if (hash(path) % everyNth !== 0 || statSync(file).size > 400_000) continue;
    const text = readFileSync(file, 'utf8');
    if (text.includes('\0')) continue;
    const [repo, ...rest] = path.split('/');
    for (const candidate of findCandidates(chunkOf(rest.join('/'), text), rules)) {
      const x = observe(candidate);
      if (x) examples.push({ x, secret: false, repo, labelled: false });
    }
  }
  return examples;
}

function filesUnder(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function hash(text) {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619) >>> 0;
  return h;
}
