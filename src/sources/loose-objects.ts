import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';

/** Longest file of an object that is read here. What is longer is worth a run of git. */
const MOST_PACKED = 1 << 20;
const MOST_BYTES = 4 << 20;
/** Variables by which git looks for objects elsewhere. */
const ELSEWHERE = ['GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR'] as const;

/** Reads blobs that git keeps in files of their own. */
export interface LooseObjects {
  /** Undefined for whatever is not there, not small, no blob or not whole: git knows what to say of it. */
  readBlob(oid: string): Buffer | undefined;
}

/**
 * The loose objects of a repository. What was staged a moment ago is one of them, and is read here for a fifth of what a run
 * of git costs. As git does, it trusts the name of a file and checks type, length and check sum of what is in it.
 */
export function looseObjects(gitDir: string): LooseObjects {
  const folder = objectFolder(gitDir);
  return {
    readBlob(oid) {
      if (folder === undefined || !/^[0-9a-f]{40,64}$/.test(oid)) return undefined;
      try {
        return blobOf(readShort(join(folder, oid.slice(0, 2), oid.slice(2))));
      } catch {
        return undefined;
      }
    },
  };
}

function objectFolder(gitDir: string): string | undefined {
  if (ELSEWHERE.some((name) => process.env[name] !== undefined)) return undefined;
  // A linked worktree has its objects where the repository has them, and a file that says where that is.
  const link = join(gitDir, 'commondir');
  const common = existsSync(link) ? readFileSync(link, 'utf8').replace(/\n$/, '') : '';
  return join(resolve(gitDir, common), 'objects');
}

function readShort(file: string): Buffer | undefined {
  const { size } = statSync(file);
  return size <= MOST_PACKED ? readFileSync(file) : undefined;
}

/** What is behind `blob LENGTH` and a zero byte. */
function blobOf(packed: Buffer | undefined): Buffer | undefined {
  if (!packed) return undefined;
  const { buffer, engine } = inflateSync(packed, { info: true, maxOutputLength: MOST_BYTES }) as unknown as {
    buffer: Buffer;
    engine: { bytesWritten: number };
  };
  const [header, length] = /^blob (0|[1-9]\d*)\0/.exec(buffer.toString('latin1', 0, 32)) ?? [];
  if (header === undefined || engine.bytesWritten !== packed.length) return undefined;
  const bytes = buffer.subarray(header.length);
  return bytes.length === Number(length) ? bytes : undefined;
}
