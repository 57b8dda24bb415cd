import type { ReadBytes } from '../util/byte-reader.ts';
import { formatBytes, formatCount } from '../util/format.ts';

/** How many members of one file are looked at, at all depths together. */
export const MOST_MEMBERS = 10_000;
/** How many bytes are unpacked of one file, at all depths together. */
export const MOST_BYTES = 256_000_000;
/** How many bytes are held at a time for what cannot be read as a stream. */
const MOST_HELD = 128_000_000;
/** Data that unpacks to more than this many times its size is a trap; small things are let grow. */
const MOST_RATIO = 1000;
const SMALL = 1_000_000;

/** What a compressed stream unpacks to, as it is asked for. */
export interface UnpackedStream {
  read: ReadBytes;
  /** Why it ended before its end, if it did. */
  problem(): string | undefined;
  /** Has to be called when nothing more is wanted of it. */
  close(): Promise<void>;
}

/** A part of a container: something that may be a container itself, text that was made of it, or why it is left out. */
export type Part =
  | { name: string; bytes: Buffer }
  | { name: string; read: ReadBytes; size?: number }
  | { name: string; stream: UnpackedStream }
  | { name: string; text: string }
  | { name: string; reason: string };

/** A container cannot be read on, for the reason in the message. `everything`: nor can the file that it is in. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly everything: boolean;

  constructor(reason: string, { everything = false }: { everything?: boolean } = {}) {
    super(reason);
    this.everything = everything;
  }
}

/** What may still be spent on one file. */
export interface Budget {
  /** Counts one member. @throws Refusal when there were too many */
  member(): void;
  /** Counts unpacked bytes. @throws Refusal when there were too many */
  unpack(bytes: number): void;
  /** Bytes that may still be unpacked. */
  readonly left: number;
  /** Bytes that one member may have. */
  readonly memberLimit: number;
  /** Why a member of more than `memberLimit` bytes is left out. */
  readonly tooLarge: string;
  /** Bytes that may be held beside those that are. */
  readonly room: number;
  /** Counts bytes that are held from now on, or, negative, no longer. */
  hold(bytes: number): void;
}

/** The budget for one file. `maxFileSize` 0: no limit for a member but that of what can be held. */
export function openBudget(maxFileSize: number): Budget {
  let members = 0;
  let bytes = 0;
  let held = 0;
  const limit = maxFileSize > 0 ? maxFileSize : Number.POSITIVE_INFINITY;
  return {
    member() {
      if (++members > MOST_MEMBERS) {
        throw new Refusal(`has more than ${formatCount(MOST_MEMBERS, 'file')} inside: only the first were looked at`, {
          everything: true,
        });
      }
    },
    unpack(count) {
      bytes += count;
      if (bytes > MOST_BYTES) throw tooMuch();
    },
    get left() {
      return MOST_BYTES - bytes;
    },
    get room() {
      return MOST_HELD - held;
    },
    get memberLimit() {
      return Math.max(0, Math.min(limit, MOST_HELD - held));
    },
    get tooLarge() {
      return limit <= MOST_HELD - held
        ? `larger than the limit of ${formatBytes(limit)} (max-file-size)`
        : 'too large to be held in memory beside what it is in';
    },
    hold(count) {
      held += count;
    },
  };
}

/** The refusal of a file of which too much would be unpacked. */
export function tooMuch(): Refusal {
  return new Refusal(`unpacks to more than ${formatBytes(MOST_BYTES)}: only what comes first was looked at`, {
    everything: true,
  });
}

/** How many bytes may be unpacked of that many. */
export function mostUnpacked(packed: number): number {
  return Math.max(SMALL, packed * MOST_RATIO);
}

/** The refusal of data that unpacks to far more than it is. */
export function bomb(): Refusal {
  return new Refusal(`unpacks to more than ${MOST_RATIO} times its size: not looked at any further`);
}

/** Whether an error comes of data that is not what it claims to be, rather than of a mistake of ours. */
export function isDamage(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof SyntaxError) return true;
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^Z_|^ERR_(?:OUT_OF_RANGE|BUFFER|PADDING|TRAILING|_ERROR)/.test(code);
}
