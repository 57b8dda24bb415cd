// The labelled code: laid out as files, once for each machine, and its labelled places.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folder with `random/files/…` and `human/files/…`, made by the data's own script. */
export function layOut(creddata) {
  const dir = join(tmpdir(), 'sss-creddata');
  const { status } = spawnSync(process.execPath, [join(creddata, 'lay_out.mjs'), dir], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`could not lay out ${creddata}`);
  return dir;
}

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
function meets(candidate, place) {
  return candidate.line <= place.end && candidate.endLine >= place.start;
}

/** Whether `candidate` overlaps the labelled value of `place` (its lines, where the label has no span). */
export function overlaps(candidate, place) {
  if (!meets(candidate, place)) return false;
  if (place.start !== place.end || place.spans.length === 0 || candidate.line !== candidate.endLine) return true;
  return place.spans.some(([from, to]) => candidate.column - 1 < to && candidate.endColumn - 1 > from);
}
