import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigProblem, listOf, oneOf, type Reader, showPath, tableOf, text } from '../config/validate.ts';
import { plain } from '../findings/redact.ts';
import { resolveCommit } from '../sources/revisions.ts';
import { UserError } from '../util/errors.ts';
import { BEGIN_ANEW } from './mission.ts';
import { hashOf } from './settings.ts';
import { readLines } from './state-file.ts';
import type { SkippedLine, Summary } from './summaries.ts';
import type { Outcome, Ticket } from './types.ts';

const MOST_BYTES = 16 << 20;
const MOST_TICKETS = 10_000;
const LONGEST_ID = 200;

const outcome = oneOf(['pass', 'fail']) satisfies Reader<Outcome>;
const fingerprint: Reader<string> = (value, path) => {
  const given = text(value, path).toLowerCase();
  if (/^[0-9a-f]{32}$/.test(given)) return given;
  throw new ConfigProblem(path, 'must be a fingerprint as reports show it: 32 hexadecimal digits');
};
const id: Reader<string> = (value, path) => {
  const given = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : text(value, path);
  if (given.length <= LONGEST_ID && plain(given) === given) return given;
  throw new ConfigProblem(path, `must be ${LONGEST_ID} printable characters at most`);
};
const line = tableOf(
  {
    id,
    kind: oneOf(['commit', 'pull-request', 'file']),
    ref: text,
    label: outcome,
    correction: outcome,
    because: text,
    candidates: listOf(fingerprint),
  },
  ['id', 'kind', 'ref'],
);

/** A ticket as it is given, before its revisions are looked up. */
export type GivenTicket = Omit<Ticket, 'resolved'>;

/**
 * Reads tickets, one JSON object a line; empty lines are left out.
 * @param shown name of the file
 * @throws UserError that names the line that is wrong, and quotes nothing of it
 */
export function parseTickets(given: string, shown: string): GivenTicket[] {
  const lines = given.replace(/^\uFEFF/, '').split('\n');
  const known = new Map<string, number>();
  const tickets: GivenTicket[] = [];
  for (const [i, one] of lines.entries()) {
    if (one.trim() === '') continue;
    const place = `${shown}:${i + 1}`;
    const ticket = parseLine(one, place);
    const before = known.get(ticket.id);
    if (before !== undefined) {
      throw new UserError(`${place}: the ticket has the id of the one in line ${before}`, {
        hint: 'every ticket needs an id of its own',
      });
    }
    known.set(ticket.id, i + 1);
    tickets.push(ticket);
    if (tickets.length > MOST_TICKETS) {
      throw new UserError(`${shown} has more than ${MOST_TICKETS} tickets`, { hint: 'divide it into missions' });
    }
  }
  if (tickets.length === 0) {
    throw new UserError(`${shown} has no tickets`, { hint: `one a line: ${EXAMPLE}` });
  }
  return tickets;
}

const EXAMPLE = '{"id": "pr-12", "kind": "pull-request", "ref": "origin/main..HEAD"}';

function parseLine(one: string, place: string): GivenTicket {
  try {
    return line(JSON.parse(one), []) as GivenTicket;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserError(`${place}: it is no JSON`, { hint: `a line is ${EXAMPLE}` });
    if (!(error instanceof ConfigProblem)) throw error;
    const key = showPath(error.path);
    throw new UserError(`${place}: ${key === '' ? 'the ticket' : key} ${error.message}`, {
      hint: error.hint ?? `a line is ${EXAMPLE}`,
    });
  }
}

/** @throws UserError when the file cannot be read, or something in it is wrong */
export async function readTickets(file: string, cwd: string): Promise<GivenTicket[]> {
  const { readFile } = await import('node:fs/promises');
  const path = resolve(cwd, file);
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new UserError(`${file} is too large to be a file of tickets`);
    return parseTickets(await readFile(path, 'utf8'), file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`cannot read the tickets in ${file} (${code})`, { cause: error });
  }
}

/**
 * The tickets that a mission was begun with, as they were resolved then.
 * @throws UserError when the file is damaged
 */
export function storedTickets(file: string): Ticket[] {
  return readLines(
    file,
    (value) => {
      const { resolved, ...rest } = value as Ticket;
      if (typeof resolved !== 'string') throw new Error('it is no ticket');
      return { ...(line(rest, []) as GivenTicket), resolved };
    },
    BEGIN_ANEW,
  );
}

/**
 * A ticket for each file in which there is something to vote on.
 * @throws UserError where the name of a file is masked
 */
export function ticketsOfFiles(lines: readonly (Summary | SkippedLine)[]): GivenTicket[] {
  const found = lines.flatMap((one) => ('candidates' in one && one.candidates.length > 0 ? [one] : []));
  const masked = found.find((one) => one.masked);
  if (masked) {
    throw new UserError(`a secret stands in the name of a file: ${masked.path}`, {
      hint: 'rename the file, or name the files to judge with --tickets',
    });
  }
  const paths = new Set(found.map(({ path, container }) => container ?? path));
  return [...paths].map((path) => ({ id: idOf(path), kind: 'file', ref: path }));
}

/** A path that is too long for an id ends with a hash of it. */
function idOf(path: string): string {
  const shown: string = plain(path);
  return shown.length <= LONGEST_ID ? shown : `${shown.slice(0, LONGEST_ID - 20)}… ${hashOf(path).slice(0, 16)}`;
}

/**
 * Looks up what the refs of tickets stand for, before any work is done.
 * @throws UserError that names the ticket whose ref is not there
 */
export async function resolveTickets(tickets: readonly GivenTicket[], cwd: string): Promise<Ticket[]> {
  const resolved: Ticket[] = [];
  for (const ticket of tickets) {
    try {
      resolved.push({ ...ticket, resolved: await resolvedRef(ticket, cwd) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(
        `ticket ${ticket.id}: ${error.message}`,
        error.hint === undefined ? {} : { hint: error.hint },
      );
    }
  }
  return resolved;
}

async function resolvedRef({ kind, ref }: GivenTicket, cwd: string): Promise<string> {
  if (kind === 'commit') return resolveCommit(cwd, ref);
  if (kind === 'file') {
    const found = await stat(resolve(cwd, ref)).catch(() => undefined);
    if (!found) throw new UserError(`no such file or folder: ${ref}`);
    return ref;
  }
  const sides = /^(.*?)(\.{2,3})(.*)$/s.exec(ref);
  if (!sides) {
    throw new UserError(`not a range of commits: ${ref}`, { hint: 'write it like origin/main..HEAD' });
  }
  const [, from = '', dots = '', to = ''] = sides;
  const last = await resolveCommit(cwd, to || 'HEAD');
  const first = /^0{40,64}$/.test(from) ? from : await resolveCommit(cwd, from || 'HEAD');
  return `${first}${dots}${last}`;
}
