import { describe, expect, it } from 'vitest';
import { GitError, runGit, streamGit } from '../../src/util/git-process.ts';
import { makeRepository } from '../e2e/repository.ts';

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += chunk.toString('utf8');
  return all;
}

describe('git process', () => {
  const { root: cwd } = makeRepository();
  const hash = ['hash-object', '--stdin-paths'];

  it('streams what git writes, and feeds it', async () => {
    async function* paths() {
      yield '.git/HEAD\n';
      yield Buffer.from('.git/config\n');
    }
    expect(await text(streamGit({ cwd, args: hash, input: paths() }))).toMatch(/^[0-9a-f]{40}\n[0-9a-f]{40}\n$/);
  });

  it('fails when git fails, with its message', async () => {
    const failing = text(streamGit({ cwd, args: ['rev-parse', '--verify', 'nothing'] }));
    await expect(failing).rejects.toBeInstanceOf(GitError);
    await expect(failing).rejects.toThrow(/rev-parse failed \(exit code 128\): fatal: /);
  });

  it('hands over warnings of a run that succeeds', async () => {
    let warnings = '';
    const args = ['-c', 'core.logAllRefUpdates=false', 'rev-parse', '--git-dir'];
    process.env.GIT_TRACE = '1';
    try {
      expect(await text(streamGit({ cwd, args, onWarnings: (said) => void (warnings += said) }))).toBe('.git\n');
    } finally {
      delete process.env.GIT_TRACE;
    }
    expect(warnings).toContain('trace:');
  });

  it('leaves the exit code to the caller who asks for it', async () => {
    const { code, stdout, stderr } = await runGit({ cwd, args: ['rev-parse', '--verify', 'nothing'] });
    expect([code, stdout.length]).toEqual([128, 0]);
    expect(stderr).toContain('fatal');
  });

  it('passes on a failure of its input instead of that of git', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield '.git/HEAD\n';
      throw new Error('the input broke');
    }
    await expect(text(streamGit({ cwd, args: hash, input: broken() }))).rejects.toThrow('the input broke');
  });

  it('does not mind a git that does not read all of its input', async () => {
    async function* endless() {
      for (;;) yield 'x'.repeat(65536);
    }
    await expect(text(streamGit({ cwd, args: ['--no-such-command'], input: endless() }))).rejects.toBeInstanceOf(
      GitError,
    );
    expect(await text(streamGit({ cwd, args: ['rev-parse', '--is-bare-repository'], input: endless() }))).toBe(
      'false\n',
    );
  });

  it('ends git and its input when the reader stops or the signal fires', async () => {
    let ended = 0;
    async function* endless() {
      try {
        for (;;) yield '.git/HEAD\n'.repeat(500);
      } finally {
        ended++;
      }
    }
    for await (const _ of streamGit({ cwd, args: hash, input: endless() })) break;
    const controller = new AbortController();
    const reading = (async () => {
      const stream = streamGit({ cwd, args: hash, input: endless(), signal: controller.signal });
      for await (const _ of stream) controller.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    await expect.poll(() => ended).toBe(2);
    await expect(runGit({ cwd, args: ['version'], signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});
