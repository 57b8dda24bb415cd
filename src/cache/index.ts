/** Remembers from scan to scan which texts came out clean, so that they need not be read again. */
import { hash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../types.ts';
import { readRecords, writeContent } from './file.ts';
import { cacheFolder, openFolder, reasonOf } from './folder.ts';
import { BUILD, isCpuOnly, resultsKey, settingsOf } from './key.ts';
import { createMemory, type ScanMemory } from './memory.ts';
import { prune } from './prune.ts';
import { LAYOUTS } from './record.ts';

export { type KeptAnswers, openAnswers } from './answers.ts';
export { cacheFolder } from './folder.ts';
export { cacheFiles } from './prune.ts';

/** What is remembered of the scans of one folder. */
export interface Cache {
  /** Absent: nothing can be remembered. */
  memory?: ScanMemory;
  /** Keeps what the scan has learnt, a scan that was stopped included. `notes`: those of its report. */
  save(notes: readonly string[]): void;
  /** What the user should know: why nothing is remembered. */
  notes(): string[];
}

/**
 * Opens what earlier scans of a folder remember. Nothing here fails: a scan goes on without.
 * @param input.kind scans of one kind share a file
 * @param input.root the folder that is scanned
 * @param input.now milliseconds of the clock that files are dated by
 * @param input.build what the program was built of; without it nothing is remembered
 */
export async function openCache(input: {
  kind: 'files' | 'range' | 'history';
  root: string;
  config: Config;
  useModel: boolean;
  /** Verdicts that are left open to a judge: texts with one are never clean. */
  doubtful?: { low: number; high: number } | undefined;
  folder?: string | undefined;
  build?: string | undefined;
  now?: (() => number) | undefined;
}): Promise<Cache> {
  const { kind, config, useModel, doubtful, folder = cacheFolder(), build = BUILD, now = Date.now } = input;
  const notes: string[] = [];
  const without: Cache = { save: () => undefined, notes: () => notes };
  if (build === undefined) return without;
  const problem = folder === undefined ? 'there is no home' : openFolder(folder);
  if (folder === undefined || problem !== undefined) {
    notes.push(nothingKept(folder, problem!));
    return without;
  }
  const key = await resultsKey({ build, config, useModel, doubtful });
  if (!key) return without;
  const root = realPath(input.root);
  const layout = kind === 'files' ? 'files' : 'objects';
  const { recordBytes } = LAYOUTS[layout];
  // The environment may name another repository than the one around the folder.
  const place = [root, process.env.GIT_DIR ?? '', process.env.GIT_WORK_TREE ?? '', ...(doubtful ? ['judge'] : [])].join(
    '\0',
  );
  const file = join(folder, `${hash('sha256', place).slice(0, 32)}-${kind}.sss`);
  const memory = createMemory({
    layout,
    records: readRecords(file, { key, root, recordBytes }),
    cpuOnly: isCpuOnly(config),
    settingsOf: settingsOf(config),
    now,
  });
  return {
    memory,
    save(said) {
      // Something was not as it should be, and a scan that reads nothing would not say so.
      const records = said.length > 0 ? undefined : memory.records();
      if (!records) return;
      try {
        writeContent(file, { key, root, recordBytes, records });
        prune(folder);
      } catch (error) {
        notes.push(nothingKept(folder, reasonOf(error)));
      }
    },
    notes: () => notes,
  };
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

function nothingKept(folder: string | undefined, reason: string): string {
  const where = folder === undefined ? '' : ` in ${folder}`;
  return `nothing can be remembered for the next scan${where} (${reason}): SSS_CACHE_DIR names another folder, --no-cache goes without`;
}
