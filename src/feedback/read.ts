import { readFile, stat } from 'node:fs/promises';
import type { FeedbackRecord } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { parseRecord } from './record.ts';

/** A hundred thousand decisions. */
const LARGEST = 300_000_000;

/**
 * The decisions in force: of those on the same finding the last one, none where that was taken back; in the order in which
 * they were made. None when the file is not there. A half line at the end is what a process was writing when it was
 * killed, or is writing now: it does not count.
 * @throws UserError that names the line of one that is wrong
 */
export async function readFeedback(path: string): Promise<FeedbackRecord[]> {
  const lines = (await textOf(path)).split('\n');
  const rest = lines.pop()!;
  const inForce = new Map<string, FeedbackRecord>();
  const take = (record: FeedbackRecord) => {
    inForce.delete(record.id);
    if (record.label !== null) inForce.set(record.id, record);
  };
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      take(parseRecord(line));
    } catch (error) {
      throw new UserError(`${path}:${i + 1}: this line is no decision: ${(error as Error).message}`, {
        hint: 'take the line out, or put the file of a backup in its place',
      });
    }
  }
  if (isRecord(rest)) take(parseRecord(rest));
  return [...inForce.values()];
}

/** Whether a line is whole: an editor may have left out the end of the last one. */
export function isRecord(line: string): boolean {
  try {
    parseRecord(line);
    return true;
  } catch {
    return false;
  }
}

async function textOf(path: string): Promise<string> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new UserError(`${path} is not a file`);
    if (stats.size > LARGEST) throw new UserError(`${path} is larger than decisions can be`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new UserError(`cannot read the decisions in ${path} (${code})`, { cause: error });
  }
}
