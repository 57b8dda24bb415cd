/** Length of the hash that a record starts with. */
export const KEY_BYTES = 16;

/** Records of one length in one buffer, each found by the hash that it starts with. */
export interface RecordTable {
  readonly count: number;
  /** The records, one behind the other. Of use until the next one is added. */
  readonly bytes: Buffer;
  /** Where the record of `key` is in `bytes`; -1 when there is none. */
  find(key: Buffer): number;
  /** Where the record of `key` is in `bytes`; where there was none, a new one of zeros. */
  place(key: Buffer): number;
}

/** @param records whole records to start with; the table writes to them */
export function recordTable(recordBytes: number, records: Buffer = Buffer.alloc(0)): RecordTable {
  let bytes = records;
  let count = records.length / recordBytes;
  // Number of each record plus one, at the place that its hash says or the next free one; half are free at least.
  let slots = new Int32Array(0);

  function slotOf(key: Buffer, at: number): number {
    const mask = slots.length - 1;
    let slot = key.readUInt32LE(at) & mask;
    while (slots[slot] !== 0 && !isSame(key, at, (slots[slot]! - 1) * recordBytes)) slot = (slot + 1) & mask;
    return slot;
  }

  function isSame(key: Buffer, at: number, place: number): boolean {
    for (let i = 0; i < KEY_BYTES; i += 4) if (key.readInt32LE(at + i) !== bytes.readInt32LE(place + i)) return false;
    return true;
  }

  function widen(): void {
    let length = 1024;
    while (length < count * 4) length *= 2;
    slots = new Int32Array(length);
    for (let i = 0; i < count; i++) slots[slotOf(bytes, i * recordBytes)] = i + 1;
  }

  widen();
  return {
    get count() {
      return count;
    },
    get bytes() {
      return bytes.subarray(0, count * recordBytes);
    },
    find: (key) => Math.max(-1, (slots[slotOf(key, 0)]! - 1) * recordBytes),
    place(key) {
      const slot = slotOf(key, 0);
      if (slots[slot] !== 0) return (slots[slot]! - 1) * recordBytes;
      const place = count * recordBytes;
      if (place + recordBytes > bytes.length) {
        bytes = Buffer.concat([bytes, Buffer.alloc(Math.max(64 * recordBytes, bytes.length))]);
      }
      key.copy(bytes, place, 0, KEY_BYTES);
      slots[slot] = ++count;
      if (count * 2 > slots.length) widen();
      return place;
    },
  };
}
