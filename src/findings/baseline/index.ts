/** The findings of a repository that are known: by hashes of their values, without places. */
import { readFileSync, statSync } from 'node:fs';
import { shownPath } from '../../config/index.ts';
import { UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import type { FoundValue } from '../known.ts';
import { type Baseline, type Entry, keyOf, parseBaseline, type Salt, strongest } from './format.ts';
import { environmentKey, hashOf, isUsable } from './hash.ts';

/** More is no baseline: half a million entries. */
const MOST_BYTES = 50_000_000;

/** A baseline that is asked about findings. */
export interface OpenBaseline {
  baseline: Baseline;
  /** The salts that hashes can be made with here. */
  usable: readonly Salt[];
  /** The entry for each finding, if there is one; of several the one that is said most of. */
  entriesOf(found: readonly Pick<FoundValue, 'value'>[]): Promise<(Entry | undefined)[]>;
  /** All entries for each finding: one for each salt. */
  allEntriesOf(found: readonly Pick<FoundValue, 'value'>[]): Promise<Entry[][]>;
  remarks(): string[];
}

/** @throws UserError when it is not there, cannot be read, or has a line in it that is none */
export async function openBaseline(path: string): Promise<OpenBaseline> {
  const shown = shownPath(process.cwd(), path);
  return askable(parseBaseline(readBaselineText(path), shown), shown);
}

/** The text of a baseline. @throws UserError */
export function readBaselineText(path: string): string {
  const shown = shownPath(process.cwd(), path);
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new UserError(`the baseline ${shown} is no file`);
    if (stats.size > MOST_BYTES) throw new UserError(`${shown} is larger than a baseline can be (50 MB)`);
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new UserError(`cannot read the baseline ${shown} (${code})`, { cause });
    throw new UserError(`there is no baseline ${shown}`, { hint: 'sss baseline create makes one', cause });
  }
}

/** @param shown the path as the user would open it */
export async function askable(baseline: Baseline, shown: string): Promise<OpenBaseline> {
  const { salts, entries } = baseline;
  const usable: Salt[] = [];
  for (const salt of salts) {
    if (await isUsable(salt)) usable.push(salt);
    else if (!salt.isKeyed) {
      throw new UserError(`${shown}: the salt ${salt.id} is damaged`, {
        hint: 'take its line from an earlier version: without it no entry can be told',
      });
    }
  }
  const byHash = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const lost = entries.filter(({ saltId }) => !usable.some(({ id }) => id === saltId)).length;
  // A salt without entries is no work.
  const asked = usable.filter(({ id }) => entries.some(({ saltId }) => saltId === id));

  async function entriesFor(value: string): Promise<Entry[]> {
    const entries = await Promise.all(
      asked.map(async (salt) => byHash.get(keyOf({ saltId: salt.id, hash: await hashOf(salt, value) }))),
    );
    return entries.filter((entry) => entry !== undefined);
  }

  async function allEntriesOf(found: readonly Pick<FoundValue, 'value'>[]): Promise<Entry[][]> {
    const values = [...new Set(found.map(({ value }) => value))];
    const known = new Map(await Promise.all(values.map(async (value) => [value, await entriesFor(value)] as const)));
    return found.map(({ value }) => known.get(value)!);
  }

  return {
    baseline,
    usable,
    allEntriesOf,
    entriesOf: async (found) => (await allEntriesOf(found)).map(strongest),
    remarks() {
      if (lost === 0) return [];
      const why = environmentKey() === '' ? 'SSS_FINGERPRINT_KEY, which is not set' : 'another SSS_FINGERPRINT_KEY';
      return [`${shown}: ${formatCount(lost, 'entry', 'entries')} cannot be told: made with ${why}`];
    },
  };
}
