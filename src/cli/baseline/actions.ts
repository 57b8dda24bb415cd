import { existsSync } from 'node:fs';
import { shownPath } from '../../config/index.ts';
import {
  type Baseline,
  type Entry,
  keyOf,
  NO_ENTRIES,
  type Salt,
  type Status,
} from '../../findings/baseline/format.ts';
import { environmentKey, hashOf, newSalt } from '../../findings/baseline/hash.ts';
import { askable, type OpenBaseline, openBaseline, readBaselineText } from '../../findings/baseline/index.ts';
import type { FoundValue } from '../../findings/known.ts';
import type { Config } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import type { ScanRequest } from '../scan-request.ts';
import { type Looked, look, lookAtAll } from './look.ts';
import { type Audited, auditOf } from './show.ts';
import { baselineFile, saveBaseline } from './store.ts';

/** What all actions are told. */
export interface BaselineInput {
  config: Config;
  useModel: boolean;
}

/** What `create` and `update` have done. */
export interface Added {
  file: string;
  /** Findings that the baseline hides now. */
  findings: number;
  added: number;
  /** Entries that were there before. */
  kept: number;
  isChanged: boolean;
  isWhole: boolean;
}

const WAYS = { hint: 'to add to it: sss baseline update; to start over, remove the file first' };

/**
 * Writes what a scan finds to a new baseline.
 * @throws UserError when there is one
 */
export async function createBaseline(input: BaselineInput & { request: ScanRequest; status: Status }): Promise<Added> {
  const file = await baselineFile(input.config);
  if (existsSync(file)) throw new UserError(`there is a baseline already: ${shownPath(process.cwd(), file)}`, WAYS);
  return add({ ...input, file, before: undefined, open: await askable(NO_ENTRIES, file) });
}

/** Adds what a scan finds to the baseline, and puts its lines in order. What is there stays. */
export async function updateBaseline(input: BaselineInput & { request: ScanRequest; status: Status }): Promise<Added> {
  const file = await baselineFile(input.config);
  const before = readBaselineText(file);
  return add({ ...input, file, before, open: await openBaseline(file) });
}

async function add(
  input: BaselineInput & {
    request: ScanRequest;
    status: Status;
    file: string;
    before: string | undefined;
    open: OpenBaseline;
  },
): Promise<Added> {
  const { file, before, open, status } = input;
  const salt = await saltFor(open, file);
  const { report, found } = await look(input);
  const known = await open.entriesOf(found);
  const fresh = await entriesFor({ found: found.filter((_, i) => !known[i]), salt, status });
  const { salts, entries, below } = open.baseline;
  const baseline: Baseline = {
    salts: salts.some(({ id }) => id === salt.id) ? salts : [...salts, salt],
    entries: [...entries, ...fresh],
    below,
  };
  return {
    file,
    findings: found.length,
    added: fresh.length,
    kept: entries.length,
    isChanged: await saveBaseline(file, baseline, before),
    isWhole: isWhole(report),
  };
}

/** What new entries are hashed with: the first salt that gives away no more than the environment wants. */
async function saltFor({ baseline, usable }: OpenBaseline, file: string): Promise<Salt> {
  const isKeyed = environmentKey() !== '';
  const fitting = usable.find((salt) => salt.isKeyed === isKeyed);
  if (fitting) return fitting;
  const keyed = baseline.salts.some((salt) => salt.isKeyed);
  if (!keyed) return newSalt();
  throw new UserError(
    `${shownPath(process.cwd(), file)} is made with ${isKeyed ? 'another ' : ''}SSS_FINGERPRINT_KEY${isKeyed ? '' : ', which is not set'}`,
    { hint: 'set the variable to the text that the others use' },
  );
}

/** One entry for each value. */
async function entriesFor(input: { found: readonly FoundValue[]; salt: Salt; status: Status }): Promise<Entry[]> {
  const { found, salt, status } = input;
  const byValue = new Map<string, string>();
  for (const { finding, value } of found) if (!byValue.has(value)) byValue.set(value, finding.ruleId);
  const entries = await Promise.all(
    [...byValue].map(async ([value, ruleId]): Promise<Entry> => {
      return { saltId: salt.id, hash: await hashOf(salt, value), ruleId, status, comments: [], above: [] };
    }),
  );
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
}

/** The entries of the baseline with where their values stand now. */
export async function auditBaseline(input: BaselineInput & { requests: readonly ScanRequest[] }): Promise<{
  file: string;
  open: OpenBaseline;
  before: string;
  audited: Audited[];
  isWhole: boolean;
}> {
  const file = await baselineFile(input.config);
  const before = readBaselineText(file);
  const open = await openBaseline(file);
  const looked: Looked[] = [];
  for (const request of input.requests) looked.push(await lookAtAll({ ...input, request }));
  const found = looked.flatMap((one) => one.found);
  const entries = await open.allEntriesOf(found);
  const audited = auditOf(
    open.baseline,
    found.map(({ finding }, i) => ({ finding, entries: entries[i]! })),
  );
  return { file, open, before, audited, isWhole: looked.every(({ report }) => isWhole(report)) };
}

/**
 * Drops the entries whose values are gone.
 * @returns what was dropped, or would be
 * @throws UserError when not everything could be read
 */
export async function pruneBaseline(
  input: BaselineInput & { requests: readonly ScanRequest[]; dryRun: boolean },
): Promise<{ file: string; dropped: Entry[]; kept: number }> {
  const { file, open, before, audited, isWhole } = await auditBaseline(input);
  if (!isWhole) {
    throw new UserError('not everything could be read, so nothing is dropped: a value may stand there', {
      hint: 'mend what is named above, and try again',
    });
  }
  // What cannot be told here may well be there.
  const canTell = ({ saltId }: Entry) => open.usable.some(({ id }) => id === saltId);
  const gone = new Set(audited.filter(({ findings }) => findings.length === 0).map(({ entry }) => entry));
  const { entries } = open.baseline;
  const dropped = entries.filter((entry) => gone.has(entry) && canTell(entry));
  const kept = entries.filter((entry) => !dropped.includes(entry));
  if (!input.dryRun && dropped.length > 0) await saveBaseline(file, { ...open.baseline, entries: kept }, before);
  return { file, dropped, kept: kept.length };
}

function isWhole({ skipped }: Looked['report']): boolean {
  return !skipped.some(({ kind }) => kind === 'error');
}
