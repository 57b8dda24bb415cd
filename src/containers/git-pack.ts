import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { type Budget, bomb, isDamage, mostUnpacked, Refusal, tooMuch } from './limits.ts';

export interface PackObject {
  type: 'commit' | 'tree' | 'blob' | 'tag';
  oid: string;
  data: Buffer;
}

/** The objects of a pack by their names, in its order, and what is wrong with it, if anything. */
export interface Pack {
  objects: Map<string, PackObject>;
  problem?: string;
}

const TYPES = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' } as const;
const OFFSET_DELTA = 6;
const NAMED_DELTA = 7;

/** An object whose text is told as changes to another one. */
interface Delta {
  at: number;
  /** The place of the other object, or its name. */
  base: number | string;
  changes: Buffer;
}

/** Reads a pack of git (version 2 or 3), all of it in memory, within the budget. */
export function readPack(input: { bytes: Buffer; algorithm: 'sha1' | 'sha256'; budget: Budget }): Pack {
  const { bytes, algorithm, budget } = input;
  const width = algorithm === 'sha256' ? 32 : 20;
  const objects = new Map<string, PackObject>();
  const byPlace = new Map<number, PackObject>();
  const deltas: Delta[] = [];
  const add = (at: number, { type, data }: Pick<PackObject, 'type' | 'data'>) => {
    const oid = createHash(algorithm).update(`${type} ${data.length}\0`).update(data).digest('hex');
    const object = { type, oid, data };
    byPlace.set(at, object);
    objects.set(oid, object);
  };
  let problem: string | undefined;
  let held = 0;
  const take = (count: number) => {
    held += count;
    if (held > budget.room) throw new Refusal('too large to be held in memory');
    budget.unpack(count);
  };
  const noted = (work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Refusal) && !isDamage(error)) throw error;
      problem ??= error instanceof Refusal ? error.message : 'damaged: only what comes before the damage was looked at';
    }
  };
  noted(() => {
    if (bytes.toString('latin1', 0, 4) !== 'PACK') throw new Refusal('damaged: has no pack');
    let at = 12;
    for (let left = bytes.readUInt32BE(8); left > 0; left--) {
      const start = at;
      const header = headerAt(bytes, { at, width });
      const { data, end } = inflated(bytes, { at: header.end, budget });
      take(data.length);
      at = end;
      const type = TYPES[header.type as keyof typeof TYPES];
      if (type) add(start, { type, data });
      else deltas.push({ at: start, base: header.base!, changes: data });
    }
  });
  noted(() => {
    if (resolve({ deltas, byPlace, objects, add, take }) === 0) return;
    throw new Refusal('builds on objects that are not in it: what needs them was not looked at');
  });
  return problem === undefined ? { objects } : { objects, problem };
}

/** Applies the changes, those first whose other object is there; returns how many never found theirs. */
function resolve(input: {
  deltas: readonly Delta[];
  byPlace: ReadonlyMap<number, PackObject>;
  objects: ReadonlyMap<string, PackObject>;
  add(at: number, object: Pick<PackObject, 'type' | 'data'>): void;
  take(bytes: number): void;
}): number {
  const { deltas, byPlace, objects, add, take } = input;
  const baseOf = ({ base }: Delta) => (typeof base === 'number' ? byPlace.get(base) : objects.get(base));
  const waiting = new Map<number | string, Delta[]>();
  const ready: Delta[] = [];
  for (const delta of deltas) {
    if (baseOf(delta)) ready.push(delta);
    else if (waiting.has(delta.base)) waiting.get(delta.base)!.push(delta);
    else waiting.set(delta.base, [delta]);
  }
  let done = 0;
  // The list grows while it is gone through.
  for (const delta of ready) {
    const base = baseOf(delta)!;
    const data = changed({ base: base.data, changes: delta.changes, take });
    if (!data) continue;
    add(delta.at, { type: base.type, data });
    done++;
    for (const key of [delta.at, byPlace.get(delta.at)!.oid]) {
      for (const next of waiting.get(key) ?? []) ready.push(next);
      waiting.delete(key);
    }
  }
  return deltas.length - done;
}

function headerAt(bytes: Buffer, { at, width }: { at: number; width: number }) {
  const byteAt = (place: number) => bytes.readUInt8(place);
  const type = (byteAt(at) >> 4) & 7;
  let end = at;
  while (byteAt(end++) & 0x80);
  if (type === NAMED_DELTA) return { type, base: bytes.toString('hex', end, end + width), end: end + width };
  if (type !== OFFSET_DELTA) {
    if (!(type in TYPES)) throw new Refusal('damaged: only what comes before the damage was looked at');
    return { type, end };
  }
  let byte = byteAt(end++);
  let back = byte & 0x7f;
  while (byte & 0x80) {
    byte = byteAt(end++);
    back = (back + 1) * 128 + (byte & 0x7f);
  }
  return { type, base: at - back, end };
}

/** Unpacks one object, and tells where its data ends: only unpacking it tells that. */
function inflated(bytes: Buffer, { at, budget }: { at: number; budget: Budget }): { data: Buffer; end: number } {
  const rest = bytes.subarray(at);
  const limit = Math.max(1, Math.min(budget.room, budget.left, mostUnpacked(rest.length)));
  try {
    const { buffer, engine } = inflateSync(rest, { maxOutputLength: limit, info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { data: buffer, end: at + engine.bytesWritten };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw limit === budget.left ? tooMuch() : bomb();
  }
}

/** The other object with the changes applied; undefined when they do not fit it. */
function changed(input: { base: Buffer; changes: Buffer; take(bytes: number): void }): Buffer | undefined {
  const { base, changes, take } = input;
  let at = 0;
  const size = () => {
    let value = 0;
    for (let shift = 0; shift < 49; shift += 7) {
      const byte = changes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 128) break;
    }
    return value;
  };
  if (size() !== base.length) return undefined;
  const length = size();
  take(length);
  const out = Buffer.alloc(length);
  let filled = 0;
  while (at < changes.length) {
    const command = changes[at++]!;
    if (command === 0) return undefined;
    if (command < 0x80) {
      filled += changes.copy(out, filled, at, at + command);
      at += command;
      continue;
    }
    let from = 0;
    let count = 0;
    for (let i = 0; i < 4; i++) if (command & (1 << i)) from += (changes[at++] ?? 0) * 2 ** (8 * i);
    for (let i = 0; i < 3; i++) if (command & (0x10 << i)) count += (changes[at++] ?? 0) * 2 ** (8 * i);
    const end = from + (count === 0 ? 0x10000 : count);
    if (end > base.length) return undefined;
    filled += base.copy(out, filled, from, end);
  }
  return filled === length ? out : undefined;
}
