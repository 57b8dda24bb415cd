/** Where text comes from. Each kind is loaded when it is asked for: a hook pays for staged changes only. */
import type { ReadMemory, ScanSource, TextChunk } from '../types.ts';
import type { ReadLimits } from '../util/read-limits.ts';

export { originKey } from './origin-key.ts';
export { openRepository, type Repository } from './repository.ts';

/** Files and folders as they are on disk: see `createWorktreeSource`. */
export async function worktreeSource(
  input: ReadLimits & {
    cwd: string;
    /** Files and folders, relative to `cwd`; none: `cwd` itself. */
    paths: readonly string[];
    /** Leaves a file out, and reports it as skipped. */
    exclude?: ((file: Pick<TextChunk, 'path' | 'logicalPath'>) => boolean | Promise<boolean>) | undefined;
    /** Knows what need not be read. */
    memory?: ReadMemory | undefined;
  },
): Promise<ScanSource> {
  const { createWorktreeSource } = await import('./worktree.ts');
  return createWorktreeSource(input);
}

/** What the next commit would bring: see `createStagedSource`. */
export async function stagedSource(input: ReadLimits & { cwd: string }): Promise<ScanSource> {
  const { createStagedSource } = await import('./staged.ts');
  return createStagedSource(input);
}

/** What the commits of a range bring: see `createRangeSource`. */
export async function rangeSource(
  input: ReadLimits & { cwd: string; range: string; memory?: ReadMemory | undefined },
): Promise<ScanSource> {
  const { createRangeSource } = await import('./range.ts');
  return createRangeSource(input);
}

/** Everything that was ever committed: see `createHistorySource`. */
export async function historySource(
  input: ReadLimits & {
    cwd: string;
    /** Also what neither refs nor reflogs lead to. */
    unreachable: boolean;
    memory?: ReadMemory | undefined;
  },
): Promise<ScanSource> {
  const { createHistorySource } = await import('./history.ts');
  return createHistorySource(input);
}

/** A stream, such as standard input: see `createStreamSource`. */
export async function stdinSource(
  input: ReadLimits & {
    filename?: string | undefined;
    input: AsyncIterable<Buffer | string>;
  },
): Promise<ScanSource> {
  const { createStreamSource } = await import('./stream.ts');
  return createStreamSource(input);
}
