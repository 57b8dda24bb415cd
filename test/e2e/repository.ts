import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/**
 * Importing this file isolates the test process from the git configuration of the machine, and from the variables that
 * git sets when the tests themselves are started by a hook.
 */
for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name];
Object.assign(process.env, {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada Author',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_AUTHOR_DATE: '2024-01-02T03:04:05+00:00',
  GIT_COMMITTER_NAME: 'Cleo Committer',
  GIT_COMMITTER_EMAIL: 'cleo@example.com',
  GIT_COMMITTER_DATE: '2024-01-02T03:04:05+00:00',
  GIT_TERMINAL_PROMPT: '0',
  GIT_EDITOR: 'true',
});

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A fresh directory under the system's temporary one, real path, removed after the test file. */
export function temporaryDirectory(): string {
  const directory = realpathSync.native(mkdtempSync(join(tmpdir(), 'sss-test-')));
  directories.push(directory);
  return directory;
}

// No test reads what another one has left, nor what its user has.
process.env.SSS_CACHE_DIR = join(temporaryDirectory(), 'cache');

/** What a finished git process left. `stdout` and `stderr` are UTF-8. */
export interface GitResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** A real repository in a temporary directory. Paths are relative to its root; bytes where a name is not UTF-8. */
export interface TestRepository {
  readonly root: string;
  /** Runs git and returns its standard output without the last newline; throws when it fails. */
  git(...args: string[]): string;
  /** Runs git and returns whatever happened: for hooks that block, and with an environment or an input of one's own. */
  tryGit(
    args: readonly string[],
    options?: { env?: NodeJS.ProcessEnv; input?: string | Buffer; cwd?: string },
  ): GitResult;
  /** Writes a file and the folders above it. */
  write(path: string | Buffer, content: string | Buffer): void;
  /** Writes a file and adds it to the index. */
  stage(path: string | Buffer, content: string | Buffer): void;
  /** Commits the index (empty commits too, hooks as usual) and returns the object name of the commit. */
  commit(message?: string): string;
}

/** Makes a repository with the branch `main` and no commit; `at` is an existing directory to make it in. */
export function makeRepository(
  options: { at?: string; bare?: boolean; objectFormat?: 'sha1' | 'sha256' } = {},
): TestRepository {
  const root = options.at ?? temporaryDirectory();
  const repository: TestRepository = {
    root,
    git(...args) {
      const { status, stdout, stderr } = repository.tryGit(args);
      if (status !== 0) throw new Error(`git ${args.join(' ')} exited with ${status}: ${stderr || stdout}`);
      return stdout.replace(/\n$/, '');
    },
    tryGit(args, { env, input, cwd } = {}) {
      const result = spawnSync('git', args, {
        cwd: cwd ?? root,
        env: { ...process.env, ...env },
        input: input ?? '',
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      if (result.error) throw result.error;
      return { status: result.status ?? 1, stdout: result.stdout, stderr: result.stderr };
    },
    write(path, content) {
      if (typeof path === 'string') mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(absolute(root, path), content);
    },
    stage(path, content) {
      repository.write(path, content);
      // Through standard input: an argument list cannot carry names that are not UTF-8.
      const { status, stderr } = repository.tryGit(
        ['add', '--force', '--pathspec-from-file=-', '--pathspec-file-nul'],
        { input: typeof path === 'string' ? `:(literal)${path}` : Buffer.concat([Buffer.from(':(literal)'), path]) },
      );
      if (status !== 0) throw new Error(stderr);
    },
    commit(message = 'change') {
      repository.git('commit', '--quiet', '--allow-empty', '--message', message);
      return repository.git('rev-parse', 'HEAD');
    },
  };
  const format = options.objectFormat ? [`--object-format=${options.objectFormat}`] : [];
  repository.git('init', '--quiet', '--initial-branch=main', ...(options.bare ? ['--bare'] : []), ...format);
  return repository;
}

function absolute(root: string, path: string | Buffer): string | Buffer {
  return typeof path === 'string' ? join(root, path) : Buffer.concat([Buffer.from(`${root}/`), path]);
}
