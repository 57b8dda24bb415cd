import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Cache, openCache } from '../../src/cache/index.ts';
import { DEFAULT_CONFIG, limitsOf } from '../../src/config/index.ts';
import { scan } from '../../src/scan.ts';
import { historySource, rangeSource, worktreeSource } from '../../src/sources/index.ts';
import type { Config, Report, ScanSource } from '../../src/types.ts';
import { temporaryDirectory } from '../e2e/repository.ts';

export interface Scanned {
  report: Report;
  /** What it says, but for the time it took and what was remembered. */
  said: unknown;
  /** Texts that the source has read to be searched. */
  read: number;
  /** Files and objects that were not known before they were opened. */
  opened: number;
  notes: string[];
}

/** Scans a folder again and again, with what is remembered in one place. */
export function scans(root: string, folder = join(temporaryDirectory(), 'cache')) {
  const scanned = async (
    options: {
      range?: string;
      history?: boolean;
      config?: Partial<Config>;
      build?: string;
      useModel?: boolean;
      paths?: readonly string[];
      signal?: AbortSignal;
      cached?: boolean;
      /** Milliseconds by which the clock goes ahead: files are old then. */
      later?: number;
    } = {},
  ): Promise<Scanned> => {
    const {
      range,
      history,
      build = 'a build',
      useModel = false,
      paths = [],
      signal,
      cached = true,
      later = 0,
    } = options;
    const config: Config = { ...DEFAULT_CONFIG, ...options.config };
    const kind = history ? 'history' : range === undefined ? 'files' : 'range';
    const cache: Cache = cached
      ? await openCache({ kind, root, config, useModel, folder, build, now: () => Date.now() + later })
      : { save: () => undefined, notes: () => [] };
    let opened = 0;
    const counting = <T>(reading: T | undefined) => {
      if (reading) opened++;
      return reading;
    };
    const { memory } = cache;
    const asked = memory && {
      file: (file: Parameters<typeof memory.file>[0]) => counting(memory.file(file)),
      object: (object: Parameters<typeof memory.object>[0]) => counting(memory.object(object)),
    };
    const common = { cwd: root, memory: asked, ...limitsOf(config) };
    const source = history
      ? await historySource({ ...common, unreachable: false })
      : range === undefined
        ? await worktreeSource({ ...common, paths })
        : await rangeSource({ ...common, range });
    const counted = countingReads(source);
    const report = await scan({
      source: counted.source,
      config,
      useModel,
      threads: 1,
      memory,
      ...(signal ? { signal } : {}),
    });
    cache.save(report.notes);
    const { cached: _, elapsedMs, ...statistics } = report.statistics;
    return { report, said: { ...report, statistics }, read: counted.read(), opened, notes: cache.notes() };
  };
  return { scanned, folder, files: () => readdirSync(folder).map((name) => join(folder, name)) };
}

function countingReads(source: ScanSource): { source: ScanSource; read: () => number } {
  let read = 0;
  return {
    read: () => read,
    source: {
      ...source,
      async *items(signal) {
        for await (const item of source.items(signal)) {
          if ('chunk' in item) read++;
          yield item;
        }
      },
    },
  };
}
