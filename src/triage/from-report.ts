import { readFile, stat } from 'node:fs/promises';
import { UserError } from '../util/errors.ts';

const LARGEST = 300_000_000;

/** A finding of a report, as far as it is needed to find it again. Nothing in it is to be trusted. */
export interface Reported {
  fingerprint: string;
  path: string;
  line: number;
  ruleId: string;
}

/**
 * The findings of a report that `sss scan --format json` (or `jsonl`) wrote.
 * @throws UserError when it is none, or cut short
 */
export async function readReport(file: string): Promise<Reported[]> {
  const text = await textOf(file);
  const { findings, isWhole } = findingsOf(text);
  if (!findings) throw noReport(file, 'it is no report of `sss scan --format json`');
  if (!isWhole) throw noReport(file, 'it is cut short');
  return findings.map((finding, i) => {
    const { fingerprint, path, line, ruleId } = (finding ?? {}) as Partial<Reported>;
    const isRight = typeof fingerprint === 'string' && /^[0-9a-f]{32}$/.test(fingerprint);
    if (!isRight || typeof path !== 'string' || typeof line !== 'number' || typeof ruleId !== 'string') {
      throw noReport(file, `its finding ${i + 1} has no fingerprint, path, line or ruleId`);
    }
    return { fingerprint, path, line, ruleId };
  });
}

function findingsOf(text: string): { findings?: unknown[]; isWhole: boolean } {
  const whole = parsed(text) as { findings?: unknown; report?: unknown } | undefined;
  if (Array.isArray(whole?.findings)) return { findings: whole.findings, isWhole: whole.report !== undefined };
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const objects = lines.map(parsed) as ({ report?: unknown } | undefined)[];
  if (objects.length === 0 || typeof objects[0] !== 'object') return { isWhole: false };
  const isWhole = objects.at(-1)?.report !== undefined;
  return { findings: isWhole ? objects.slice(0, -1) : objects, isWhole };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noReport(file: string, why: string): UserError {
  return new UserError(`${file} cannot be used: ${why}`, {
    hint: 'make one with: sss scan --format json --output report.json',
  });
}

async function textOf(file: string): Promise<string> {
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw new UserError(`${file} is not a file`);
    if (stats.size > LARGEST) throw new UserError(`${file} is larger than a report can be`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`cannot read ${file}: ${code === 'ENOENT' ? 'it does not exist' : code}`, { cause: error });
  }
}
