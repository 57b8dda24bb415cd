import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRepository, worktreeSource } from '../../src/sources/index.ts';
import { gitFailure } from '../../src/sources/repository.ts';
import { UserError } from '../../src/util/errors.ts';
import { GitError } from '../../src/util/git-process.ts';
import { makeRepository, temporaryDirectory } from '../e2e/repository.ts';
import { collect } from './collect.ts';

describe('openRepository', () => {
  it('finds the root from below, and the git directory', async () => {
    const { root } = makeRepository();
    mkdirSync(join(root, 'a b/c'), { recursive: true });
    const found = { root, gitDir: join(root, '.git'), bare: false, shallow: false };
    expect(await openRepository(root)).toEqual(found);
    expect(await openRepository(join(root, 'a b/c'))).toEqual(found);
  });

  it('tells bare repositories and folders outside', async () => {
    const bare = makeRepository({ bare: true }).root;
    expect(await openRepository(bare)).toMatchObject({ root: bare, gitDir: bare, bare: true });
    expect(await openRepository(temporaryDirectory())).toBeUndefined();
    await expect(openRepository(join(bare, 'nothing'))).rejects.toThrow(/no such folder/);
  });

  it('says what to do about a repository of another user', async () => {
    const { root } = makeRepository();
    process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = '1';
    try {
      const error = await openRepository(root).catch((one: unknown) => one);
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).hint).toContain(`safe.directory '${root}'`);
    } finally {
      delete process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER;
    }
  });

  it('says that git is not installed, and scans folders without it', async () => {
    const { root } = makeRepository();
    const plain = temporaryDirectory();
    const { PATH } = process.env;
    process.env.PATH = plain;
    try {
      await expect(openRepository(root)).rejects.toThrow(/git was not found/);
      expect(await openRepository(plain)).toBeUndefined();
      await expect(openRepository(join(plain, 'nothing'))).rejects.toThrow(/no such folder/);
      process.env.GIT_DIR = join(root, '.git');
      await expect(openRepository(plain)).rejects.toThrow(/git was not found/);
      delete process.env.GIT_DIR;
      await expect(worktreeSource({ cwd: root, paths: [], maxFileSize: 0 })).rejects.toBeInstanceOf(UserError);
      expect(await collect(await worktreeSource({ cwd: plain, paths: [], maxFileSize: 0 }))).toMatchObject({
        chunks: [],
      });
    } finally {
      process.env.PATH = PATH;
      delete process.env.GIT_DIR;
    }
  });

  it('makes every failure of git one that can be shown', () => {
    const failure = gitFailure(new GitError(['rev-list'], { code: 128, stderr: 'fatal: bad object\n' }), '.');
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).message).toBe('git rev-list failed (exit code 128): fatal: bad object');
    const index = { code: 128, stderr: 'error: bad signature 0x1\nfatal: index file corrupt\n' };
    const broken = gitFailure(new GitError(['ls-files'], index), '.') as UserError;
    expect(broken.message).toBe('git ls-files failed (exit code 128): fatal: index file corrupt');
    expect(broken.hint).toContain('git reset');
    const bug = new TypeError('x');
    expect(gitFailure(bug, '.')).toBe(bug);
  });
});
