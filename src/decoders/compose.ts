import type { TextChunk } from '../types.ts';
import { firstIndex } from '../util/halving.ts';
import type { Edit } from './edit.ts';

/** How far round what was decoded its own text is kept: some lines, as names and values stand on neighbouring ones. */
const CONTEXT = 300;
const LINES_BEFORE = 2;
const LINES_AFTER = 1;
const BETWEEN = '\n\n';

/** Stretches of a composed text, and what each was made of. */
interface Pieces {
  /** Where each begins in the composed text. */
  at: number[];
  from: number[];
  to: number[];
  decoded: boolean[];
}

/**
 * The text in which `edits` read as what they say: those that stand alone as texts, the others in their lines.
 *
 * @param edits of one encoding, in order; all of them stand alone, or none
 */
export function compose(chunk: TextChunk, way: readonly string[], edits: readonly Edit[]): TextChunk {
  const { text } = chunk;
  const alone = edits[0]!.alone;
  const pieces: Pieces = { at: [], from: [], to: [], decoded: [] };
  const parts: string[] = [];
  let length = 0;
  const add = (part: string, place: { from: number; to: number; decoded: boolean }) => {
    pieces.at.push(length);
    pieces.from.push(place.from);
    pieces.to.push(place.to);
    pieces.decoded.push(place.decoded);
    parts.push(part);
    length += part.length;
  };
  const copy = (from: number, to: number) => {
    if (to > from) add(text.slice(from, to), { from, to, decoded: false });
  };
  let next = 0;
  for (const { start, end } of alone ? edits : excerpts(text, edits)) {
    if (length > 0) add(BETWEEN, { from: start, to: start, decoded: false });
    while (next < edits.length && edits[next]!.start < start) next++;
    let at = start;
    for (; next < edits.length && edits[next]!.end <= end; next++) {
      const edit = edits[next]!;
      copy(at, edit.start);
      add(edit.text, { from: edit.start, to: edit.end, decoded: true });
      at = edit.end;
    }
    copy(at, end);
  }
  return {
    origin: chunk.origin,
    path: chunk.path,
    // What stands in a program is not written in its language.
    logicalPath: alone ? `${chunk.logicalPath}.decoded` : chunk.logicalPath,
    text: parts.join(''),
    bytes: length,
    encoding: chunk.encoding === 'binary' ? 'binary' : 'utf-8',
    firstLine: 1,
    decoded: {
      from: chunk,
      way: [...(chunk.decoded?.way ?? []), ...way],
      place: (start, end) => placeOf({ pieces, start, end }),
      touches: (start, end) => touches({ pieces, length, start, end }),
    },
  };
}

/** The stretches of `text` round the edits that are worth a look, those that meet joined into one. */
function excerpts(text: string, edits: readonly Edit[]): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const { start, end, telling } of edits) {
    if (!telling) continue;
    const last = found.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, contextEnd(text, end));
    else found.push({ start: Math.max(last?.end ?? 0, contextStart(text, start)), end: contextEnd(text, end) });
  }
  return found;
}

function contextStart(text: string, at: number): number {
  const near = text.slice(Math.max(0, at - CONTEXT), at);
  let from = near.length;
  for (let lines = 0; lines <= LINES_BEFORE && from >= 0; lines++)
    from = from === 0 ? -1 : near.lastIndexOf('\n', from - 1);
  return at - near.length + from + 1;
}

function contextEnd(text: string, at: number): number {
  const near = text.slice(at, at + CONTEXT);
  let to = -1;
  for (let lines = 0; lines <= LINES_AFTER; lines++) {
    to = near.indexOf('\n', to + 1);
    if (to < 0) return at + near.length;
  }
  return at + to;
}

/** Index of the last piece that begins at `offset` or before. */
function pieceAt({ at }: Pieces, offset: number): number {
  return Math.max(0, firstIndex(at.length, (i) => at[i]! > offset) - 1);
}

function placeOf(input: { pieces: Pieces; start: number; end: number }): { start: number; end: number } {
  const { pieces } = input;
  const first = pieceAt(pieces, input.start);
  const last = pieceAt(pieces, Math.max(input.start, input.end - 1));
  const inside = (piece: number, offset: number) =>
    Math.min(pieces.to[piece]!, pieces.from[piece]! + offset - pieces.at[piece]!);
  const start = pieces.decoded[first] ? pieces.from[first]! : inside(first, input.start);
  const end = pieces.decoded[last] ? pieces.to[last]! : inside(last, input.end);
  return { start, end: Math.max(start, end) };
}

/** Whether a span has something decoded in it. A seam, which is nothing itself, has to lie inside. */
function touches(input: { pieces: Pieces; length: number; start: number; end: number }): boolean {
  const { pieces, length, start, end } = input;
  for (let piece = pieceAt(pieces, end - 1); piece >= 0; piece--) {
    const pieceEnd = pieces.at[piece + 1] ?? length;
    if (pieces.decoded[piece] && pieces.at[piece]! < end && pieceEnd > start) return true;
    if (pieces.at[piece]! <= start) return false;
  }
  return false;
}
