import type { Skipped, TextChunk } from '../types.ts';
import { formatCount } from '../util/format.ts';
import { USUAL_DEPTH } from '../util/read-limits.ts';
import { type TokenRuns, tokenRuns } from '../util/token-runs.ts';
import { runsOf } from './base64.ts';
import { byteArrayReader } from './byte-array.ts';
import { compose } from './compose.ts';
import { joinReader } from './concatenation.ts';
import type { Encoded } from './edit.ts';
import { escapesOf } from './escapes.ts';
import { createUnpacker, type Unpacker } from './packed.ts';
import { eachSign } from './signs.ts';

/** So much is decoded of one text: that many times its length, and a bit for short ones (UTF-16 code units). */
const MOST_TIMES = 4;
const MOST_OF_SHORT = 1024 * 1024;
const MOST_CHUNKS = 64;

/**
 * The texts that are encoded inside `chunk`, and inside these, `maxDepth` times at most: base64, hexadecimal digits,
 * the payloads of JSON web tokens, percent-encoding, escapes of programs and of HTML, lists of bytes, strings that are joined; compressed or not before that. One text
 * for each way in which something is encoded; see `TextChunk.decoded` for how to get back. Takes time in proportion to
 * the text, and tells what was left out.
 *
 * @param runs those of the text of `chunk`, if they are at hand
 */
export function decodedChunks(
  chunk: TextChunk,
  maxDepth = USUAL_DEPTH,
  runs: TokenRuns = tokenRuns(chunk.text),
): { chunks: TextChunk[]; skipped: Skipped[] } {
  const chunks: TextChunk[] = [];
  const reasons = new Map<string, Skipped['kind']>();
  let room = MOST_TIMES * chunk.text.length + MOST_OF_SHORT;
  const unpacker = createUnpacker();
  const queue = [{ outer: chunk, depth: 0 }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { outer, depth } = next;
    const before = unpacker.unpacked;
    const encoded = encodedIn(outer, { runs: outer === chunk ? runs : tokenRuns(outer.text), unpacker });
    // What is unpacked has bounds of its own, and is a text that may be decoded like the first one.
    room += (1 + MOST_TIMES) * (unpacker.unpacked - before);
    for (const { way, edits } of encoded) {
      if (depth >= maxDepth) {
        reasons.set(tooDeep(maxDepth), 'policy');
        continue;
      }
      const inner = chunks.length < MOST_CHUNKS ? compose(outer, way, edits) : undefined;
      if (!inner || inner.text.length > room) {
        // Not all of it was looked at: that is no clean result.
        reasons.set('too much in it is encoded: only a part was decoded', 'error');
        continue;
      }
      room -= inner.text.length;
      chunks.push(inner);
      queue.push({ outer: inner, depth: depth + 1 });
    }
  }
  for (const reason of unpacker.reasons) reasons.set(reason, 'policy');
  return { chunks, skipped: [...reasons].map(([reason, kind]) => ({ path: chunk.path, reason, kind })) };
}

function tooDeep(maxDepth: number): string {
  return maxDepth === 0
    ? 'something in it is encoded: not decoded (max-depth is 0)'
    : `something in it is encoded more than ${formatCount(maxDepth, 'time')}: not decoded any further (max-depth)`;
}

/** What is encoded in `chunk`, each encoding once for what stands alone and once for what stands in its line. */
function encodedIn(chunk: TextChunk, { runs, unpacker }: { runs: TokenRuns; unpacker: Unpacker }): Encoded[] {
  const { text, decoded } = chunk;
  // Of a decoded text only that counts which was not there to be read before.
  const isFresh = (start: number, end: number) => !decoded || decoded.touches(start - 1, end + 1);
  const { onBracket, byteArrays } = byteArrayReader(text);
  const { onSeam, joins } = joinReader(text);
  eachSign(text, { onBracket, onSeam });
  return [...runsOf(text, { runs, isFresh, unpacker }), ...escapesOf(text), byteArrays(), joins()].flatMap(
    ({ way, edits }) => {
      if (edits.length === 0) return [];
      const fresh = decoded ? edits.filter(({ start, end }) => isFresh(start, end)) : edits;
      return [fresh.filter(({ alone }) => alone), fresh.filter(({ alone }) => !alone)]
        .filter((some) => some.some(({ telling }) => telling))
        .map((some) => ({ way, edits: some }));
    },
  );
}
