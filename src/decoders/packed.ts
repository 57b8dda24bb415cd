import { constants, gunzipSync, inflateSync } from 'node:zlib';
import { bomb, isDamage, mostUnpacked } from '../containers/limits.ts';
import { containerKind } from '../containers/sniff.ts';
import { decode } from '../sources/decode.ts';
import { formatBytes } from '../util/format.ts';
import { textOf } from './bytes.ts';

/** So much is unpacked of what is encoded in one text, in bytes. */
const MOST_UNPACKED = 16_000_000;
/** Damaged data counts as so many: it may have made much before the damage. */
const COST_OF_DAMAGE = 65_536;
/** Second bytes of zlib data in a window of 32 kB, which is what everybody uses. */
const ZLIB_LEVELS: ReadonlySet<number> = new Set([0x01, 0x5e, 0x9c, 0xda]);

/** How something was compressed before it was encoded. */
export type Packing = 'gzip' | 'zlib';

/** How bytes that start like this are compressed; undefined when they are not. */
export function packingOf(bytes: ArrayLike<number>): Packing | undefined {
  if (bytes[0] === 0x1f) return bytes[1] === 0x8b && bytes[2] === 0x08 ? 'gzip' : undefined;
  return bytes[0] === 0x78 && ZLIB_LEVELS.has(bytes[1]!) ? 'zlib' : undefined;
}

/** Unpacks what is encoded in one text, within bounds. */
export interface Unpacker {
  /** The text that compressed bytes are, as far as there is of them; undefined when they are something else. */
  textOf(bytes: Buffer, packing: Packing): string | undefined;
  /** Bytes that it has made. */
  readonly unpacked: number;
  /** Why some were left out. */
  readonly reasons: ReadonlySet<string>;
}

export function createUnpacker(): Unpacker {
  const reasons = new Set<string>();
  let unpacked = 0;
  let spent = 0;
  return {
    get unpacked() {
      return unpacked;
    },
    reasons,
    textOf(bytes, packing) {
      const most = mostUnpacked(bytes.length);
      const left = MOST_UNPACKED - spent;
      const limit = Math.max(1, Math.min(most, left));
      // With this flush, data that ends too early gives what there is of it.
      const options = { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH };
      try {
        const made = packing === 'gzip' ? gunzipSync(bytes, options) : inflateSync(bytes, options);
        unpacked += made.length;
        spent += made.length;
        // The files in a tar archive stand in it as they are.
        return textOf(made) ?? (containerKind(made, '') === 'tar' ? decode(made).text : undefined);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
          const what = most < left ? bomb().message : `unpacks to more than ${formatBytes(MOST_UNPACKED)}: left out`;
          reasons.add(`something encoded in it ${what}`);
          spent += limit;
        } else if (isDamage(error)) spent += Math.min(limit, COST_OF_DAMAGE);
        else throw error;
        return undefined;
      }
    },
  };
}
