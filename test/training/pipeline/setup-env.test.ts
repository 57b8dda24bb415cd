import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findPython, requirementsOf } from '../../../training/pipeline/python.ts';
import { runPipeline } from '../../../training/pipeline/runner.ts';
import { run as setUp } from '../../../training/pipeline/setup-env.ts';
import type { SetupOptions } from '../../../training/pipeline/step.ts';
import { temporary } from '../temporary.ts';
import { put, task } from './fake.ts';
import { pipelineOf } from './pipeline-of.ts';

let folder: string;
beforeEach(() => {
  folder = temporary();
  put(join(folder, 'package', 'training', 'requirements.txt'), '# pins\ntorch==2.15.0\nnumpy==2.4.6  # arrays\n');
});

const OFFLINE = 'ERROR: NewConnectionError: [Errno -3] Temporary failure in name resolution';

/** A shell script that answers as a Python would. What it was asked to install goes to `pip.txt` beside it. */
function fakePython(
  input: { version?: string; has?: object; pip?: string; torch?: string; venv?: string } = {},
): string {
  const { version = '3.12.1', has = { torch: null, numpy: null }, pip = ':', torch = 'echo cpu', venv } = input;
  const path = join(folder, `python-${version}`);
  const installed = `{"torch":"2.15.0","numpy":"2.4.6"}`;
  const makeVenv = 'for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python"';
  put(
    path,
    `#!/bin/sh
case "$*" in
  *platform.python_version*) echo "$0"; echo ${version} ;;
  *importlib*) if [ -f ${folder}/pip.txt ]; then echo '${installed}'; else echo '${JSON.stringify(has)}'; fi ;;
  *"-m venv"*) ${venv ?? makeVenv} ;;
  *"pip --version"*|*"import pip"*) exit 0 ;;
  *"pip install"*) echo "Collecting torch==2.15.0"; ${pip}; echo "$*" >> ${folder}/pip.txt ;;
  *"import torch"*) ${torch} ;;
esac
`,
  );
  chmodSync(path, 0o755);
  return path;
}

async function setup(options: Partial<SetupOptions>) {
  const steps = [task('setup_env', { outputs: ['env.json'] }, setUp)];
  const input = await pipelineOf({
    steps,
    folder,
    more: { setup: { python: undefined, recreate: false, staged: false, ...options } },
  });
  const paths = { ...input.paths, packageRoot: join(folder, 'package') };
  const error = await runPipeline({ ...input, paths, from: 'setup_env' })
    .then(() => undefined)
    .catch((e) => e);
  const file = join(input.runDir, 'env.json');
  return {
    error,
    text: input.text.join('\n'),
    env: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined,
  };
}

const installs = (): string[] =>
  existsSync(join(folder, 'pip.txt')) ? readFileSync(join(folder, 'pip.txt'), 'utf8').trim().split('\n') : [];

describe.skipIf(process.platform === 'win32')('setup_env', () => {
  it('takes a Python that has everything as it is, and says when versions differ', async () => {
    const python = fakePython({ has: { torch: '2.15.0+cpu', numpy: '2.4.7' } });
    const { error, env, text } = await setup({ python });
    expect(error).toBeUndefined();
    expect(env).toMatchObject({
      python,
      requested: python,
      cuda: false,
      versions: { python: '3.12.1', numpy: '2.4.7' },
    });
    expect(installs()).toEqual([]);
    expect(text).toContain('numpy 2.4.7 (2.4.6)');
    expect(text).not.toContain('torch 2.15.0+cpu (');
  });

  it('makes an environment otherwise, once for all runs, and anew when told to', async () => {
    const python = fakePython();
    const { error, env, text } = await setup({ python, staged: true });
    expect(error).toBeUndefined();
    expect(env.python).toBe(join(folder, 'runs', '.env', 'bin', 'python'));
    expect(installs()).toHaveLength(1);
    const stages = text.split('\n').flatMap((line) => /^(.{12}) ok: /.exec(line)?.[1]?.trim() ?? []);
    expect(stages).toEqual(['python', 'venv', 'pip', 'packages', 'torch import', 'cuda']);
    expect((await setup({ recreate: true, python })).error).toBeUndefined();
    expect(installs()).toHaveLength(2);
  });

  it('installs nothing when the stamp of the environment fits, and again when the requirements change', async () => {
    const plain = fakePython({ version: '3.12.1' });
    // On the PATH under the name that is looked for first.
    put(join(folder, 'bin', 'python3'), readFileSync(plain, 'utf8'));
    chmodSync(join(folder, 'bin', 'python3'), 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${join(folder, 'bin')}:${before}`;
    try {
      await setup({});
      await setup({});
      expect(installs()).toHaveLength(1);
      put(join(folder, 'package', 'training', 'requirements.txt'), 'torch==2.15.0\nnumpy==2.4.7\n');
      await setup({});
      expect(installs()).toHaveLength(2);
    } finally {
      process.env.PATH = before;
    }
  });

  it.each([
    ['python', { version: '3.9.2' }, 'is Python 3.9.2, and training needs Python 3.11 or newer', '--python'],
    ['venv', { venv: 'echo "ensurepip is not available"; exit 1' }, 'ensurepip is not available', 'python3-venv'],
    ['packages', { pip: `echo "${OFFLINE}"; exit 1` }, 'the package index does not answer', 'SSS_TRAIN_PYTHON'],
    ['packages', { pip: 'echo "No space left on device"; exit 1' }, 'cannot be installed', 'disk is full'],
    ['torch import', { torch: 'echo "libcudart.so: no such file"; exit 1' }, 'libcudart.so', '--recreate'],
  ])('stops at the stage that fails, with what to do: %s', async (stage, parts, message, hint) => {
    const { error, text, env } = await setup({ python: fakePython(parts), staged: true });
    expect(error?.name).toBe('UserError');
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(text.split('\n').at(-1)).toBe(`${stage.padEnd(12)} failed`);
    expect(env).toBeUndefined();
  });

  it('says when a Python that was named is none', () => {
    expect(() => findPython(join(folder, 'nowhere'))).toThrow('is no Python, and training needs');
  });
});

it('requirements are read with the files they refer to', () => {
  put(join(folder, 'base.txt'), 'torch==2.15.0\nscikit-learn == 1.9.1 ; python_version > "3"\n');
  const file = put(join(folder, 'cuda.txt'), '-r base.txt\n# x==1\nwandb[media]==0.30.0\n');
  expect(requirementsOf(file)).toEqual({ torch: '2.15.0', 'scikit-learn': '1.9.1', wandb: '0.30.0' });
});
