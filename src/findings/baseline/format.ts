import { UserError } from '../../util/errors.ts';

/** What somebody has decided about a finding. All of them hide it; what is to be fixed is counted besides. */
export const STATUSES = ['accepted', 'false-alarm', 'to-fix'] as const;
export type Status = (typeof STATUSES)[number];

/** What values are hashed with. There are several where branches that each made a baseline were merged. */
export interface Salt {
  /** Eight hexadecimal digits that go with it: see `idOf`. */
  id: string;
  /** Random: 32 hexadecimal digits. */
  salt: string;
  /** Hashes are made with `SSS_FINGERPRINT_KEY` besides. */
  isKeyed: boolean;
}

/** A value that is known. */
export interface Entry {
  saltId: string;
  /** Ten hexadecimal digits. */
  hash: string;
  /** Of the rule that found it first: for people. */
  ruleId: string;
  status: Status;
  /** What stands behind `#`. */
  comments: readonly string[];
  /** Lines of comment above it. */
  above: readonly string[];
}

/** What the file of a baseline says. */
export interface Baseline {
  salts: readonly Salt[];
  /** Each once, in order. */
  entries: readonly Entry[];
  /** Lines of comment below the last entry. */
  below: readonly string[];
}

/** A baseline in which nothing is known. */
export const NO_ENTRIES: Baseline = { salts: [], entries: [], below: [] };

const HEADER = [
  '# Findings that are known and not reported: `sss baseline audit` shows them. What is written here is hashed.',
  '# The order of the lines does not matter: to merge, keep those of both sides.',
];
/** What is decided later than by the command that makes entries comes first; caution before all. */
const STRONGEST: readonly Status[] = ['to-fix', 'false-alarm', 'accepted'];

/**
 * Reads a baseline. Lines may stand in any order and more than once, as a merge leaves them.
 * @throws UserError with the number of the line that is none
 */
export function parseBaseline(text: string, shown: string): Baseline {
  const salts: Salt[] = [];
  const entries: Entry[] = [];
  let above: string[] = [];
  for (const [i, written] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = written.trim();
    if (line === '' || HEADER.includes(line)) continue;
    if (line.startsWith('#')) {
      above.push(line);
      continue;
    }
    const place = `${shown}:${i + 1}`;
    if (/^(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)/.test(line)) throw conflict(place);
    const salt = readSalt(line, place);
    if (salt) salts.push(salt);
    else {
      entries.push(readEntry(line, place, above));
      above = [];
    }
  }
  const known = new Set(salts.map(({ id }) => id));
  const lost = entries.find(({ saltId }) => !known.has(saltId));
  if (lost) {
    throw new UserError(`${shown}: there is no line "salt ${lost.saltId} …", which ${lost.hash} was made with`, {
      hint: `take the line from an earlier version: git log -p -- ${shown}`,
    });
  }
  return tidy({ salts, entries, below: above });
}

/** The file. The same entries give the same text. */
export function baselineText(baseline: Baseline): string {
  const { salts, entries, below } = tidy(baseline);
  const lines = [
    ...HEADER,
    ...salts.map(({ id, salt, isKeyed }) => `salt ${id} ${salt}${isKeyed ? ' with SSS_FINGERPRINT_KEY' : ''}`),
    ...entries.flatMap((entry) => [...entry.above, entryLine(entry)]),
    ...below,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function entryLine({ saltId, hash, ruleId, status, comments }: Entry): string {
  const id = ruleId.replace(/[^\w.-]/g, '_');
  return `${saltId} ${hash} ${id} ${status}${comments.length > 0 ? ` # ${comments.join('; ')}` : ''}`;
}

/** Each line once, in order. */
function tidy({ salts, entries, below }: Baseline): Baseline {
  const bySalt = new Map(salts.map((salt) => [salt.id, salt]));
  const byHash = new Map<string, Entry>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const other = byHash.get(key);
    byHash.set(key, other ? joined(other, entry) : entry);
  }
  return {
    salts: [...bySalt.values()].sort((a, b) => compare(a.id, b.id)),
    entries: [...byHash.values()].sort((a, b) => compare(keyOf(a), keyOf(b))),
    below: [...new Set(below)],
  };
}

/** Two entries with the same key are about the same value in the same place. */
export function keyOf({ saltId, hash }: Pick<Entry, 'saltId' | 'hash'>): string {
  return `${saltId} ${hash}`;
}

/** Two lines for one value: two branches had their say. */
function joined(a: Entry, b: Entry): Entry {
  return {
    ...a,
    ruleId: a.ruleId < b.ruleId ? a.ruleId : b.ruleId,
    status: strongest([a, b])!.status,
    comments: [...new Set([...a.comments, ...b.comments])].sort(compare),
    above: [...new Set([...a.above, ...b.above])],
  };
}

/** Of the entries for one value that of which most is said; undefined where there is none. */
export function strongest(entries: readonly Entry[]): Entry | undefined {
  return STRONGEST.flatMap((status) => entries.filter((entry) => entry.status === status))[0];
}

function readSalt(line: string, place: string): Salt | undefined {
  if (!line.startsWith('salt')) return undefined;
  const found = /^salt ([0-9a-f]{8}) ([0-9a-f]{32})( with SSS_FINGERPRINT_KEY)?$/.exec(line);
  if (!found) {
    throw new UserError(`${place}: this is no salt: "salt", its eight digits and the 32 of the salt`, {
      hint: 'take the line from an earlier version: without it no entry can be told',
    });
  }
  return { id: found[1]!, salt: found[2]!, isKeyed: found[3] !== undefined };
}

function readEntry(line: string, place: string, above: readonly string[]): Entry {
  const [, saltId, hash, ruleId, status, comment] =
    /^([0-9a-f]{8})\s+([0-9a-f]{10})\s+([\w.-]{1,100})\s+([\w-]+)(?:\s+#\s*(.*))?$/.exec(line) ?? [];
  if (saltId === undefined) {
    throw new UserError(`${place}: this is no entry: salt, hash, rule and status, and a comment behind # if you like`, {
      hint: 'mend or remove the line; `sss baseline update` adds what is missing',
    });
  }
  const known = STATUSES.find((one) => one === status);
  if (!known) throw new UserError(`${place}: there is no status "${status}"`, { hint: `it is ${STATUSES.join(', ')}` });
  const comments = (comment ?? '').split('; ').filter((part) => part.trim() !== '');
  return { saltId, hash: hash!, ruleId: ruleId!, status: known, comments, above };
}

function conflict(place: string): UserError {
  return new UserError(`${place}: a merge has left its marks in the baseline`, {
    hint: 'keep the lines of both sides, remove those with <<<<<<<, ======= and >>>>>>>, then: sss baseline update',
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
