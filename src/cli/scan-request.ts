import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Cache } from '../cache/index.ts';
import { folderConfigs } from '../config/folders.ts';
import { isPathAllowed, limitsOf } from '../config/index.ts';
import { ruleIds } from '../rules/rule-ids.ts';
import type { Config, ReadMemory, ScanSource } from '../types.ts';
import { UserError } from '../util/errors.ts';

/** What the options of `scan` say about what is to be scanned. */
export interface ScanFlags {
  staged?: boolean;
  range?: string;
  history?: boolean;
  unreachable?: boolean;
  stdin?: boolean;
  stdinFilename?: string;
}

/** What is to be scanned. */
export type ScanRequest =
  | { kind: 'worktree'; paths: readonly string[] }
  | { kind: 'staged' }
  | { kind: 'range'; range: string }
  | { kind: 'history'; unreachable: boolean }
  | { kind: 'stdin'; filename: string | undefined };

/**
 * Makes one request of the options and paths of `scan`.
 * @throws UserError when they contradict each other
 */
export function scanRequest(flags: ScanFlags, paths: readonly string[]): ScanRequest {
  const { staged, range, history, stdin } = flags;
  const modes = [staged && '--staged', range !== undefined && '--range', history && '--history', stdin && '--stdin'];
  const [mode, other] = modes.filter((m) => typeof m === 'string');
  if (other) throw new UserError(`${mode} and ${other} exclude each other`, { hint: 'run one scan for each' });
  if (flags.unreachable && !history) throw new UserError('--unreachable goes with --history');
  if (flags.stdinFilename !== undefined && !stdin) throw new UserError('--stdin-filename goes with --stdin');
  if (mode && paths.length > 0) {
    throw new UserError(`${mode} takes no paths: ${paths[0]}`, { hint: `leave out the paths, or leave out ${mode}` });
  }
  if (paths.includes('-')) throw new UserError('- is no path', { hint: 'use --stdin to scan standard input' });
  if (staged) return { kind: 'staged' };
  if (range !== undefined) return { kind: 'range', range };
  if (history) return { kind: 'history', unreachable: flags.unreachable ?? false };
  if (stdin) return { kind: 'stdin', filename: flags.stdinFilename };
  return { kind: 'worktree', paths };
}

/** Opens what is remembered of earlier scans of the same; undefined for what is only looked at once. */
export async function openCacheFor(
  request: ScanRequest,
  settings: { config: Config; useModel: boolean; doubtful?: { low: number; high: number } | undefined },
): Promise<Cache | undefined> {
  const { kind } = request;
  if (kind === 'staged' || kind === 'stdin') return undefined;
  const { openCache } = await import('../cache/index.ts');
  if (kind !== 'worktree') return openCache({ kind, root: process.cwd(), ...settings });
  const folder = resolve(request.paths.length === 1 ? request.paths[0]! : '.');
  return openCache({ kind: 'files', root: isFolder(folder) ? folder : process.cwd(), ...settings });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Opens what is to be scanned.
 * @param memory knows what need not be read
 */
export async function openSource(request: ScanRequest, config: Config, memory?: ReadMemory): Promise<ScanSource> {
  const sources = await import('../sources/index.ts');
  const limits = limitsOf(config);
  const common = { cwd: process.cwd(), memory, ...limits };
  switch (request.kind) {
    case 'staged':
      return sources.stagedSource({ cwd: common.cwd, ...limits });
    case 'range':
      return sources.rangeSource({ ...common, range: request.range });
    case 'history':
      return sources.historySource({ ...common, unreachable: request.unreachable });
    case 'stdin':
      return sources.stdinSource({ filename: request.filename, ...limits, input: process.stdin });
    case 'worktree':
      return openWorktree(request.paths, { config, memory, cwd: common.cwd });
  }
}

/** Opens files and folders, without those that the configuration in force for them leaves out. */
export async function openWorktree(
  paths: readonly string[],
  { config, memory, cwd }: { config: Config; memory: ReadMemory | undefined; cwd: string },
): Promise<ScanSource> {
  const { worktreeSource } = await import('../sources/index.ts');
  const folders = folderConfigs({ config, ruleIds });
  return worktreeSource({
    ...limitsOf(config),
    ...{ cwd, paths, memory },
    exclude: async (file) => isPathAllowed((await folders.of(file)).allow, file.logicalPath) !== undefined,
  });
}
