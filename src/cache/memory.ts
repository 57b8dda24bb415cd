import { createHash, hash } from 'node:crypto';
import { type BigIntStats, lstatSync, statSync } from 'node:fs';
import type { Inspected } from '../inspect/index.ts';
import { noTexts, type Tally, type TextCounts, textTally } from '../inspect/tally.ts';
import type { Origin, Reading, ReadMemory, SourceItem, TextChunk } from '../types.ts';
import { bytesOfPath } from '../util/byte-path.ts';
import {
  addCounts,
  CONTENT_AT,
  dayOf,
  LAYOUTS,
  readDay,
  readUsedModel,
  STATS_AT,
  STATS_BYTES,
  writeCounts,
  writeDay,
} from './record.ts';
import { KEY_BYTES, type RecordTable, recordTable } from './table.ts';

/** A scan that remembers: its source asks what is known, and it tells what comes of the rest. */
export interface ScanMemory extends ReadMemory {
  /** What the texts that were not searched again amount to. */
  readonly known: TextCounts;
  /** Where the language model ran, if one of them needed it. */
  readonly device: 'cpu' | undefined;
  /** Takes note of what came of a text. */
  inspected(chunk: Pick<TextChunk, 'origin' | 'path' | 'bytes'>, inspected: Inspected): void;
}

export interface Memory extends ScanMemory {
  /** The records to keep; undefined: nothing is new. */
  records(): Buffer | undefined;
}

/** A file that was changed so shortly before it was read may change again without a trace: clocks of file systems are coarse. */
const RACY_MS = 2500;
/** What was met by no scan for so many days is forgotten. */
const MOST_DAYS = 30;

/** A file, blob or message that is read. */
interface Unit {
  key: Buffer;
  tally: Tally;
  given: number;
  inspected: number;
  isClean: boolean;
  usedModel: boolean;
  isOver: boolean;
  /** Its bytes came out clean before. */
  isKnown: boolean;
  content?: Buffer;
  stats?: Buffer;
}

/**
 * Remembers clean texts in records of `layout`.
 * @param input.records those of earlier scans
 * @param input.cpuOnly the language model can run nowhere else: what it said once, it would say again
 * @param input.settingsOf what a result depends on besides, at one place: the configuration of its folder
 * @param input.now milliseconds of the clock that files are dated by
 */
export function createMemory(input: {
  layout: keyof typeof LAYOUTS;
  records: Buffer;
  cpuOnly: boolean;
  settingsOf?: ((place: Pick<TextChunk, 'path' | 'logicalPath'>) => string) | undefined;
  now?: () => number;
}): Memory {
  const { layout, records, cpuOnly, settingsOf = () => '', now = Date.now } = input;
  const { recordBytes, countsAt } = LAYOUTS[layout];
  const today = dayOf(now());
  const before = recordTable(recordBytes, records);
  // What this scan finds is not asked for by this scan: what is known does not depend on what is done first.
  const fresh = recordTable(recordBytes);
  const units = new WeakMap<Origin, Unit>();
  const known = noTexts();
  let usedModel = false;
  let isChanged = false;

  function count(place: number): void {
    addCounts(known, before.bytes, place + countsAt);
    if (readUsedModel(before.bytes, place + countsAt)) usedModel = true;
    if (readDay(before.bytes, place + countsAt) === today) return;
    writeDay(before.bytes, { at: place + countsAt, day: today });
    isChanged = true;
  }

  /** @param end called when all has been read */
  async function* follow(unit: Unit, items: AsyncIterable<SourceItem>, end?: () => void) {
    for await (const item of items) {
      if ('skipped' in item) unit.isClean = false;
      else {
        units.set(item.chunk.origin, unit);
        unit.given++;
      }
      yield item;
    }
    end?.();
    unit.isOver = true;
    settle(unit);
  }

  /** Remembers a unit when it was read to its end, and all of it came out clean. */
  function settle(unit: Unit): void {
    if (!unit.isOver || !unit.isClean || unit.inspected < unit.given) return;
    const { key, content, stats, isKnown, tally } = unit;
    // Bytes that are known already are worth a record only for what the file system now says of them.
    if (layout === 'files' && !stats && (isKnown || !content)) return;
    const record = Buffer.alloc(recordBytes);
    const old = before.find(key);
    if (isKnown) before.bytes.copy(record, 0, old, old + recordBytes);
    else if (!writeCounts(record, { at: countsAt, counts: tally.counts, usedModel: unit.usedModel })) return;
    content?.copy(record, CONTENT_AT);
    stats?.copy(record, STATS_AT);
    writeDay(record, { at: countsAt, day: today });
    const place = fresh.place(key);
    record.copy(fresh.bytes, place + KEY_BYTES, KEY_BYTES);
    isChanged = true;
  }

  function unitOf(key: Buffer): Unit {
    return {
      key,
      tally: textTally(),
      given: 0,
      inspected: 0,
      isClean: true,
      usedModel: false,
      isOver: false,
      isKnown: false,
    };
  }

  return {
    known,
    get device() {
      return usedModel ? 'cpu' : undefined;
    },
    file(file): Reading | undefined {
      const key = keyOf([file.file, file.path, file.logicalPath, file.named ? 'named' : '', settingsOf(file)]);
      const place = before.find(key);
      const seen = statsOf(file);
      const stats = seen && statsBytes(seen);
      const has = (bytes: Buffer, at: number) =>
        place >= 0 && bytes.equals(before.bytes.subarray(place + at, place + at + bytes.length));
      if (stats && has(stats, STATS_AT)) {
        count(place);
        return undefined;
      }
      const unit = unitOf(key);
      const readFrom = now();
      return {
        isKnown(bytes) {
          // With its place: what somebody tries out values against is no plain hash of a short file.
          unit.content = createHash('sha256').update(key).update(bytes).digest().subarray(0, KEY_BYTES);
          unit.isKnown = has(unit.content, CONTENT_AT);
          if (unit.isKnown) count(place);
          return unit.isKnown;
        },
        follow: (items) =>
          follow(unit, items, () => {
            const after = statsOf(file);
            const isSame = stats && after && stats.equals(statsBytes(after));
            if (isSame && readFrom - Math.max(Number(seen.mtimeMs), Number(seen.ctimeMs)) > RACY_MS) unit.stats = stats;
          }),
      };
    },
    object({ oid, source: { origin, path, logicalPath, ...more } }): Reading | undefined {
      const of = origin.kind === 'message' ? origin.of : '';
      const added = 'added' in more ? JSON.stringify(more.added) : '';
      const key = keyOf([oid, origin.kind, of, path, logicalPath, added, settingsOf({ path, logicalPath })]);
      const place = before.find(key);
      if (place >= 0) {
        count(place);
        return undefined;
      }
      const unit = unitOf(key);
      return { isKnown: () => false, follow: (items) => follow(unit, items) };
    },
    inspected(chunk, inspected) {
      const unit = units.get(chunk.origin);
      if (!unit) return;
      unit.inspected++;
      const { found, skipped } = inspected;
      if (inspected.usedModel) unit.usedModel = true;
      // Whatever comes of doubts, they are to be told each time.
      if (inspected.unsettled || found.length > 0 || skipped.length > 0 || (unit.usedModel && !cpuOnly))
        unit.isClean = false;
      unit.tally.add(chunk, inspected);
      settle(unit);
    },
    records: () =>
      isChanged ? merged({ before, fresh, recordBytes, countsAt, oldest: today - MOST_DAYS }) : undefined,
  };
}

/** What this scan has learnt, and what earlier ones knew and is not too old. */
function merged(input: {
  before: RecordTable;
  fresh: RecordTable;
  recordBytes: number;
  countsAt: number;
  oldest: number;
}): Buffer {
  const { before, fresh, recordBytes, countsAt, oldest } = input;
  const { bytes } = before;
  const records = Buffer.allocUnsafe(fresh.bytes.length + bytes.length);
  let length = fresh.bytes.copy(records);
  for (let at = 0; at < bytes.length; at += recordBytes) {
    if (readDay(bytes, at + countsAt) < oldest) continue;
    if (fresh.find(bytes.subarray(at, at + KEY_BYTES)) < 0) length += bytes.copy(records, length, at, at + recordBytes);
  }
  return records.subarray(0, length);
}

function keyOf(parts: readonly string[]): Buffer {
  return hash('sha256', parts.join('\0'), 'buffer').subarray(0, KEY_BYTES);
}

function statsOf({ file, named }: { file: string; named: boolean }): BigIntStats | undefined {
  try {
    const path = bytesOfPath(file);
    return named ? statSync(path, { bigint: true }) : lstatSync(path, { bigint: true });
  } catch {
    // The reading will say what is wrong with it.
    return undefined;
  }
}

function statsBytes({ size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): Buffer {
  const bytes = Buffer.alloc(STATS_BYTES);
  [size, mtimeNs, ctimeNs, ino, dev].forEach((value, i) => void bytes.writeBigInt64LE(BigInt.asIntN(64, value), 8 * i));
  return bytes;
}
