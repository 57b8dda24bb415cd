import type { TextCounts } from '../inspect/tally.ts';
import { KEY_BYTES } from './table.ts';

/** Day on which the text was last met, bytes, whether the language model was asked, and seven counts. */
const COUNTS_BYTES = 36;
/** Five numbers that `lstat` gives. */
export const STATS_BYTES = 40;

/**
 * What is remembered of a text that came out clean. Of an object of git, hash of name and place, and counts; of a file,
 * whose bytes may change, hash of the place, hash of the bytes, what the file system says of it, and counts.
 */
export const LAYOUTS = {
  objects: { recordBytes: KEY_BYTES + COUNTS_BYTES, countsAt: KEY_BYTES },
  files: {
    recordBytes: 2 * KEY_BYTES + STATS_BYTES + COUNTS_BYTES,
    countsAt: 2 * KEY_BYTES + STATS_BYTES,
  },
} as const;
/** In records of files. */
export const CONTENT_AT = KEY_BYTES;
export const STATS_AT = 2 * KEY_BYTES;

/** Days since 1970. */
export function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / 86_400_000);
}

export function readDay(bytes: Buffer, at: number): number {
  return bytes.readUInt16LE(at);
}

export function writeDay(bytes: Buffer, { at, day }: { at: number; day: number }): void {
  bytes.writeUInt16LE(day & 0xffff, at);
}

/** Writes what {@link addCounts} reads. False: these counts do not fit. */
export function writeCounts(
  bytes: Buffer,
  { at, counts, usedModel }: { at: number; counts: TextCounts; usedModel: boolean },
): boolean {
  const { verdicts, decidedBy } = counts;
  const { rule = 0, filter = 0, gate = 0, model = 0, ...others } = decidedBy;
  const fields = [counts.chunks, verdicts.secret, verdicts.placeholder, verdicts.harmless, rule, gate, model];
  const isWhole = rule + filter + gate + model === verdicts.secret + verdicts.placeholder + verdicts.harmless;
  if (!isWhole || Object.values(others).some((count) => count > 0)) return false;
  if (counts.bytes >= 2 ** 40 || fields.some((count) => count >= 2 ** 32)) return false;
  bytes.writeUIntLE(counts.bytes, at + 2, 5);
  bytes.writeUInt8(usedModel ? 1 : 0, at + 7);
  fields.forEach((count, i) => void bytes.writeUInt32LE(count, at + 8 + 4 * i));
  return true;
}

/** Whether the language model was asked about the text of a record. */
export function readUsedModel(bytes: Buffer, at: number): boolean {
  return bytes[at + 7] === 1;
}

/** Adds the counts of a record to `sum`. */
export function addCounts(sum: TextCounts, bytes: Buffer, at: number): void {
  const field = (i: number) => bytes.readUInt32LE(at + 8 + 4 * i);
  const [secret, placeholder, harmless] = [field(1), field(2), field(3)];
  const [rule, gate, model] = [field(4), field(5), field(6)];
  sum.bytes += bytes.readUIntLE(at + 2, 5);
  sum.chunks += field(0);
  sum.verdicts.secret += secret;
  sum.verdicts.placeholder += placeholder;
  sum.verdicts.harmless += harmless;
  sum.decidedBy.rule = (sum.decidedBy.rule ?? 0) + rule;
  sum.decidedBy.gate = (sum.decidedBy.gate ?? 0) + gate;
  sum.decidedBy.model = (sum.decidedBy.model ?? 0) + model;
  sum.decidedBy.filter = (sum.decidedBy.filter ?? 0) + secret + placeholder + harmless - rule - gate - model;
}
