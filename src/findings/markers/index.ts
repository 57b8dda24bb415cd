import { matchesRuleId } from '../../config/allow.ts';
import { ALL_MARKERS } from '../../config/markers.ts';
import type { Candidate, MarkerSettings, TextChunk } from '../../types.ts';
import { firstIndex } from '../../util/halving.ts';
import { lineTable, placed } from '../../util/lines.ts';
import { type Marker, MOST_MARKERS, markersIn } from './syntax.ts';

/** What the markers of a text say of what was found there. */
export interface Marked {
  hidden: ReadonlySet<Candidate>;
  /** Markers that count for nothing, each with its line and why. Safe to print. */
  remarks: { line: number; text: string }[];
}

/** A marker with the lines that it covers. */
interface Cover {
  marker: Marker;
  line: number;
  first: number;
  last: number;
}

/**
 * Which of the secrets of a text are hidden by markers. A marker in a secret counts for nothing: whoever can choose a value
 * must not decide that it passes.
 *
 * @param input.secrets what is to be told of `chunk` otherwise
 */
export function markedIn(input: {
  chunk: TextChunk;
  secrets: readonly Candidate[];
  settings: MarkerSettings | undefined;
}): Marked {
  const { chunk, secrets, settings = ALL_MARKERS } = input;
  const hidden = new Set<Candidate>();
  const all = secrets.length === 0 ? [] : markersIn(chunk.text, settings);
  const tooMany = all.length > MOST_MARKERS ? all.pop() : undefined;
  const isInside = insideOf(secrets);
  const markers = all.filter((marker) => !isInside(marker));
  if (markers.length === 0) return { hidden, remarks: [] };
  const lines = lineTable(chunk.text);
  const lineOf = ({ start, end }: Marker) => placed({ start, end, firstLine: chunk.firstLine, lines }).line;
  const remarks = new Map<string, { line: number; text: string }>();
  const remark = (line: number, text: string) => void remarks.set(`${line}:${text}`, { line, text });
  const covers = coversOf(
    markers.map((marker) => ({ marker, line: lineOf(marker) })),
    remark,
  );
  if (tooMany) remark(lineOf(tooMany), `only the first ${MOST_MARKERS} markers of a text count`);
  const byLine = new Map<number, Cover[]>();
  const blocks: Cover[] = [];
  for (const cover of covers) {
    if (cover.marker.kind === 'start') blocks.push(cover);
    else {
      const others = byLine.get(cover.first);
      if (others) others.push(cover);
      else byLine.set(cover.first, [cover]);
    }
  }
  for (const secret of secrets) {
    const { line: first, endLine: last } = secret;
    // Of a value of many lines a marker on its first or its last one counts, and a block that it starts in.
    const near = [
      ...(byLine.get(first) ?? []),
      ...(last === first ? [] : (byLine.get(last) ?? []).filter(({ marker }) => marker.kind === 'line')),
      ...blocks.filter((block) => block.first <= first && first <= block.last),
    ];
    for (const { marker, line } of near) {
      const { text, rules } = marker;
      const ids = secret.rules.map(({ id }) => id);
      if (rules && !rules.some((rule) => ids.some((id) => matchesRuleId(rule, id)))) {
        if (marker.isOwn) remark(line, `${text} is not for ${ids[0]}, which was found there`);
      } else if (settings.requireReason && !marker.hasReason) {
        remark(line, `${text} counts for nothing: the configuration asks for a reason behind it`);
      } else hidden.add(secret);
    }
  }
  return { hidden, remarks: [...remarks.values()] };
}

/** Whether a marker touches one of the secrets. */
function insideOf(secrets: readonly Candidate[]): (marker: Marker) => boolean {
  const sorted = [...secrets].sort((a, b) => a.start - b.start);
  let furthest = 0;
  const ends = sorted.map(({ end }) => {
    furthest = Math.max(furthest, end);
    return furthest;
  });
  return (marker) => {
    const before = firstIndex(sorted.length, (i) => sorted[i]!.start >= marker.end);
    return before > 0 && ends[before - 1]! > marker.start;
  };
}

/** The lines that each marker covers. A block of ours that is not closed covers nothing; one of a peer all that follows. */
function coversOf(
  markers: readonly { marker: Marker; line: number }[],
  remark: (line: number, text: string) => void,
): Cover[] {
  const covers: Cover[] = [];
  const open: { marker: Marker; line: number }[] = [];
  for (const { marker, line } of markers) {
    const { kind, isOwn, text } = marker;
    if (kind === 'line') covers.push({ marker, line, first: line, last: line });
    else if (kind === 'next-line') covers.push({ marker, line, first: line + 1, last: line + 1 });
    else if (kind === 'start') open.push({ marker, line });
    else if (kind === 'unknown') {
      remark(line, `${text} is no marker: there are sss:allow, -next-line, -start and -end`);
    } else {
      const at = open.findLastIndex((start) => start.marker.isOwn === isOwn);
      const [start] = at < 0 ? [] : open.splice(at, 1);
      if (start) covers.push({ ...start, first: start.line, last: line });
      else if (isOwn) remark(line, `${text} ends nothing: there is no sss:allow-start before it`);
    }
  }
  for (const { marker, line } of open) {
    if (marker.isOwn) remark(line, `${marker.text} counts for nothing: there is no sss:allow-end behind it`);
    else covers.push({ marker, line, first: line, last: Number.POSITIVE_INFINITY });
  }
  return covers;
}
