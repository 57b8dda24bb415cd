import { matchesRuleId } from '../config/allow.ts';
import { globToRegExp } from '../config/glob.ts';
import { ConfigProblem, listOf, numberIn, oneOf, type Reader, showPath, tableOf, text } from '../config/validate.ts';
import { plain } from '../findings/redact.ts';
import type { VerdictLabel } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { hashOf } from './settings.ts';
import type { Seen } from './types.ts';

/** What a line looks at: all that is given must hold. Nothing in it is ever compared with a value. */
export interface Conditions {
  /** A path pattern as in `.gitignore`, from the root. */
  path?: string;
  /** Id of a rule, `*` for any text. */
  rule?: string;
  /** Name that the value is bound to, case ignored, `*` for any text. */
  name?: string;
  /** What kind of text the value is: `uuid`, `hex`, `words`. */
  shape?: string;
}

/** What a change was measured to do to labelled tickets that it was not made from. */
export interface Effect {
  /** Tickets that it could be measured on. */
  held: number;
  /** Of these, wrong without it and with it. */
  wrongBefore: number;
  wrongAfter: number;
  /** Unlabelled tickets of the same review whose verdict it changes. */
  alsoChanges: number;
}

/** What happened to a line, and why. */
export interface Change {
  /** Counted from 1. */
  revision: number;
  action: 'added' | 'retired';
  because: string;
  /** Absent for what a person has written. */
  effect?: Effect;
}

/** A line of guidance: how candidates of one repository are to be treated. */
export interface GuidanceLine extends Conditions {
  /** Of what it does and looks at: two branches that find the same have the same line. */
  id: string;
  treat: VerdictLabel;
  changes: readonly Change[];
}

const because: Reader<string> = (value, path) => plain(text(value, path)).slice(0, 300);
const count = numberIn({ least: 0, most: 1_000_000 });
const effect = tableOf<Effect>({ held: count, wrongBefore: count, wrongAfter: count, alsoChanges: count }, [
  'held',
  'wrongBefore',
  'wrongAfter',
]);
const change = tableOf({ revision: count, action: oneOf(['added', 'retired']), because, effect }, [
  'revision',
  'action',
  'because',
]);
const pattern =
  (characters: RegExp, what: string): Reader<string> =>
  (value, path) => {
    const given = text(value, path);
    if (characters.test(given)) return given;
    throw new ConfigProblem(path, `must be ${what}, in which * may stand for any text`);
  };
const glob: Reader<string> = (value, path) => {
  const given = text(value, path);
  const made = globToRegExp(given);
  if ('error' in made) throw new ConfigProblem(path, `is no valid path pattern: ${made.error}`);
  return given;
};
const line = tableOf(
  {
    id: pattern(/^g-[0-9a-f]{12}$/, 'the id that the scanner gives, or left out'),
    treat: oneOf(['harmless', 'secret', 'placeholder']),
    path: glob,
    rule: pattern(/^[A-Za-z0-9*._-]{1,100}$/, 'the id of a rule'),
    name: pattern(/^[\w*.:$-]{1,100}$/, 'a name'),
    shape: pattern(/^[a-z0-9-]{1,20}$/, 'a kind of value, such as uuid'),
    because,
    changes: listOf(change),
  },
  ['treat'],
);

/** The id of a line: the same for the same treatment of the same. */
export function guidanceId({ treat, path, rule, name, shape }: Pick<GuidanceLine, 'treat'> & Conditions): string {
  return `g-${hashOf([treat, path ?? null, rule ?? null, name ?? null, shape ?? null]).slice(0, 12)}`;
}

/**
 * Reads lines of guidance, one JSON object a line. The same line twice, as a merge may leave it, counts once, with the
 * changes of both.
 * @throws UserError that names the line that is wrong
 */
export function parseGuidance(given: string, shown: string): GuidanceLine[] {
  const lines = new Map<string, GuidanceLine>();
  for (const [i, one] of given
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (one.trim() === '') continue;
    const made = parseLine(one, `${shown}:${i + 1}`);
    const before = lines.get(made.id);
    lines.set(made.id, before ? { ...made, changes: joined(before.changes, made.changes) } : made);
  }
  return sorted([...lines.values()]);
}

function parseLine(one: string, place: string): GuidanceLine {
  if (/^(?:<{7}|={7}|>{7}|\|{7})/.test(one)) {
    throw new UserError(`${place}: a merge has left a conflict`, {
      hint: 'keep the lines of both sides, without the marks',
    });
  }
  try {
    const { id: given, because: why, changes, ...rest } = line(JSON.parse(one), []);
    const { treat } = rest as Pick<GuidanceLine, 'treat'>;
    const id = guidanceId({ ...rest, treat });
    if (given !== undefined && given !== id) {
      throw new ConfigProblem(['id'], 'is not that of what the line says', 'Leave the id out where you edit a line.');
    }
    if (rest.path === undefined && rest.name === undefined) {
      throw new ConfigProblem([], 'must look at a path or a name', 'A rule is turned off by rules.disable.');
    }
    if (why === undefined && !changes?.length) throw new ConfigProblem([], 'needs the key "because"');
    const first: Change[] = why === undefined ? [] : [{ revision: 1, action: 'added', because: why }];
    return { ...rest, id, treat, changes: joined(first, (changes ?? []) as Change[]) };
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new UserError(`${place}: it is no JSON`, {
        hint: 'a line is {"treat": "harmless", "path": "docs/", "because": "made-up keys of the manual"}',
      });
    }
    if (!(error instanceof ConfigProblem)) throw error;
    const key = showPath(error.path);
    throw new UserError(
      `${place}: ${key === '' ? 'the line' : key} ${error.message}`,
      error.hint === undefined ? {} : { hint: error.hint },
    );
  }
}

/** The changes of one line, without doubles, in the order of their revisions; of equal ones what retires comes last. */
function joined(a: readonly Change[], b: readonly Change[]): Change[] {
  const all = new Map([...a, ...b].map((one) => [JSON.stringify([one.revision, one.action, one.because]), one]));
  return [...all.entries()]
    .sort(([first, x], [second, y]) => {
      return x.revision - y.revision || compare(x.action, y.action) || compare(first, second);
    })
    .map(([, one]) => one);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By id: lines of two branches seldom meet in one place, so that git merges them. */
export function sorted(lines: readonly GuidanceLine[]): GuidanceLine[] {
  return [...lines].sort((a, b) => compare(a.id, b.id));
}

/** The text of the file. Keys in one order: the same guidance is the same text. */
export function printGuidance(lines: readonly GuidanceLine[]): string {
  return sorted(lines)
    .map(({ id, treat, path, rule, name, shape, changes }) => {
      return `${JSON.stringify({ id, treat, path, rule, name, shape, changes })}\n`;
    })
    .join('');
}

/** Whether a line still counts: retired ones are kept in the file. */
export function isActive({ changes }: GuidanceLine): boolean {
  return changes.at(-1)?.action !== 'retired';
}

/** Names the guidance in force: changes with every line that holds. */
export function guidanceVersion(lines: readonly GuidanceLine[]): string {
  const ids = sorted(lines)
    .filter(isActive)
    .map(({ id }) => id);
  return ids.length === 0 ? 'none' : hashOf(ids).slice(0, 12);
}

/** Lines that hold, ready to be asked. */
export interface Guidance {
  lines: readonly GuidanceLine[];
  version: string;
  /** The line that says how to treat a candidate: where several do, one that says `secret` first. */
  of(seen: Seen): GuidanceLine | undefined;
}

/** The lines that count, made ready to be asked. Those that say "secret" come first. */
export function guidanceOf(all: readonly GuidanceLine[]): Guidance {
  const lines = sorted(all).filter(isActive);
  const inOrder = [...lines].sort((a, b) => Number(b.treat === 'secret') - Number(a.treat === 'secret'));
  const checks = inOrder.map((one) => ({ line: one, holds: matcher(one) }));
  return {
    lines,
    version: guidanceVersion(lines),
    of: (seen) => checks.find(({ holds }) => holds(seen))?.line,
  };
}

/** Makes the question whether a candidate is what a line is about. */
export function matcher(
  conditions: Conditions,
): (seen: Pick<Seen, 'logicalPath' | 'rule' | 'name' | 'shape'>) => boolean {
  const { path, rule, name, shape } = conditions;
  const made = path === undefined ? undefined : globToRegExp(path);
  const inPath = made && 'pattern' in made ? made.pattern : undefined;
  const lowerName = name?.toLowerCase();
  return (seen) => {
    if (shape !== undefined && seen.shape !== shape) return false;
    if (rule !== undefined && !matchesRuleId(rule, seen.rule)) return false;
    if (lowerName !== undefined && !matchesRuleId(lowerName, seen.name?.toLowerCase() ?? '')) return false;
    return path === undefined || (inPath?.test(seen.logicalPath) ?? false);
  };
}

/** A line as a sentence: what a large language model is told, and what reports show. */
export function inWords({ treat, path, rule, name, shape, changes }: GuidanceLine): string {
  const what = [
    name === undefined ? 'values' : `values of the name \`${name}\``,
    ...(rule === undefined ? [] : [`found by the rule \`${rule}\``]),
    ...(shape === undefined ? [] : [`of the kind \`${shape}\``]),
    ...(path === undefined ? [] : [`in \`${path}\``]),
  ].join(' ');
  const as = { harmless: 'harmless', secret: 'secrets', placeholder: 'placeholders' }[treat];
  return `Treat ${what} as ${as}, because ${changes.findLast(({ action }) => action === 'added')?.because ?? 'somebody said so'}`;
}
