import { resolve } from 'node:path';
import { openRepository } from '../sources/index.ts';
import { runGit } from '../util/git-process.ts';

/** What git knows of the files that are to be edited. */
export interface RepositoryFacts {
  /** Top of the working tree; the current directory where there is no repository. */
  root: string;
  inGit: boolean;
  /** The last commit, shortened; undefined where there is none. */
  head: string | undefined;
  /** Whether a file is in the index. By its path below the root. */
  isTracked(path: string): Promise<boolean>;
  /** Whether the last commit has a text in a file. */
  isCommitted(path: string, text: string): Promise<boolean>;
  /** Whether git leaves a file out. By its absolute path. */
  isIgnored(file: string): Promise<boolean>;
  /** Those of these files whose next commit is not what the last one has. */
  staged(paths: readonly string[]): Promise<string[]>;
}

/** Asks git about the repository around a folder. */
export async function repositoryFacts(cwd: string): Promise<RepositoryFacts> {
  const repository = await openRepository(cwd);
  const inGit = repository !== undefined && !repository.bare;
  const root = inGit ? repository.root : resolve(cwd);
  const ask = (args: string[], input?: string) =>
    runGit({ cwd: root, args, ...(input === undefined ? {} : { input }) });
  const parsed = inGit ? await ask(['rev-parse', '--short', '--verify', '--quiet', 'HEAD']) : undefined;
  const heads = new Map<string, Promise<string>>();
  const headOf = (path: string) => {
    const known =
      heads.get(path) ?? ask(['cat-file', 'blob', `HEAD:${path}`]).then(({ stdout }) => stdout.toString('latin1'));
    heads.set(path, known);
    return known;
  };
  return {
    root,
    inGit,
    head: parsed?.code === 0 ? parsed.stdout.toString('utf8').trim() : undefined,
    async isTracked(path) {
      return inGit && (await ask(['ls-files', '-z', '--', `:(top,literal)${path}`])).stdout.length > 0;
    },
    async isCommitted(path, text) {
      if (!inGit) return false;
      const head = await headOf(path);
      return (
        head.includes(Buffer.from(text).toString('latin1')) ||
        head.includes(Buffer.from(text, 'utf16le').toString('latin1'))
      );
    },
    async isIgnored(file) {
      return inGit && (await ask(['check-ignore', '-q', '-z', '--stdin'], `${file}\0`)).code === 0;
    },
    async staged(paths) {
      if (!inGit) return [];
      const { stdout } = await ask(['diff', '--cached', '--name-only', '--no-renames', '-z']);
      const changed = new Set(stdout.toString('utf8').split('\0'));
      return paths.filter((path) => changed.has(path));
    },
  };
}
