import { type Baseline, type Entry, STATUSES, type Status } from '../../findings/baseline/format.ts';
import { UserError } from '../../util/errors.ts';
import { type Audited, nameOf } from './show.ts';

/** What `--mark` says. */
export interface Mark {
  /** The start of an entry's hash, or the fingerprint of a finding. */
  id: string;
  status: Status;
}

const EXAMPLE = { hint: 'write it like 3a9c0d1e4b=false-alarm, with what stands first in `sss baseline audit`' };

/** @throws UserError when it is no id with a status */
export function parseMark(text: string): Mark {
  const [, id, word] = /^([0-9a-f]{4,10}|[0-9a-f]{32})=(.+)$/i.exec(text) ?? [];
  if (id === undefined) throw new UserError(`not a mark: ${text}`, EXAMPLE);
  const status = STATUSES.find((one) => one === word);
  if (!status) throw new UserError(`there is no status "${word}"`, { hint: `it is ${STATUSES.join(', ')}` });
  return { id: id.toLowerCase(), status };
}

/** Whether a mark names a finding, which has to be looked for, and not an entry. */
export function isFingerprint({ id }: Mark): boolean {
  return id.length === 32;
}

/**
 * Gives entries the statuses of `marks`, and `comment` besides where there is one.
 * @throws UserError when a mark names no entry, or several
 */
export function markEntries(input: {
  baseline: Baseline;
  marks: readonly Mark[];
  comment: string | undefined;
  /** What marks that are fingerprints are looked for in. */
  audited: readonly Audited[];
}): { baseline: Baseline; marked: Entry[] } {
  const { baseline, marks, comment, audited } = input;
  const changes = new Map<Entry, Entry>();
  for (const mark of marks) {
    for (const entry of entriesFor({ mark, baseline, audited })) {
      const comments = comment === undefined ? entry.comments : [comment];
      changes.set(entry, { ...entry, status: mark.status, comments });
    }
  }
  const entries = baseline.entries.map((entry) => changes.get(entry) ?? entry);
  return { baseline: { ...baseline, entries }, marked: [...changes.values()] };
}

function entriesFor(input: { mark: Mark; baseline: Baseline; audited: readonly Audited[] }): Entry[] {
  const { mark, baseline, audited } = input;
  const { id } = mark;
  if (isFingerprint(mark)) {
    const found = audited.filter(({ findings }) => findings.some(({ fingerprint }) => fingerprint === id));
    if (found.length > 0) return found.map(({ entry }) => entry);
    throw new UserError(`no finding of the baseline has the fingerprint ${id}`, {
      hint: 'sss baseline audit shows the entries; --history looks in the history, too',
    });
  }
  const found = baseline.entries.filter(({ hash }) => hash.startsWith(id));
  const [first, other] = found;
  if (first && !other) return [first];
  if (!first) throw new UserError(`no entry of the baseline starts with ${id}`, EXAMPLE);
  throw new UserError(`several entries start with ${id}: ${found.map(nameOf).join(', ')}`, {
    hint: 'write more of it',
  });
}
