import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import { hashText } from './hash.ts';
import {
  findPython,
  type Python,
  packageVersions,
  requirementsOf,
  runProgram,
  type Said,
  soundsOffline,
} from './python.ts';
import type { Environment, PipelineContext } from './step.ts';

/** A stage of the set-up; each can be the one that fails. */
const STAGES = ['python', 'venv', 'pip', 'packages', 'torch import', 'cuda'] as const;
type Stage = (typeof STAGES)[number];

/** Everything that training needs. @throws UserError with the stage that failed and what to do */
export async function run(context: PipelineContext): Promise<void> {
  const gpu = graphicsCard();
  const requirements = requirementsFile(join(context.paths.packageRoot, 'training'), gpu !== undefined);
  await setUp({ context, requirements, folder: join(context.artifactRoot, '.env'), size: 'several gigabytes', gpu });
}

/**
 * Makes sure that there is a Python with all packages, and writes down which. An interpreter that the user names and that
 * has them all is taken as it is. Otherwise an environment is made in the folder of the runs, which all runs share.
 *
 * @param input.requirements the file that names the packages; torch is tried when it is one of them
 * @param input.size about how much will be installed
 * @param input.gpu name of the graphics card
 * @throws UserError with the stage that failed and what to do
 */
export async function setUp(input: {
  context: PipelineContext;
  requirements: string;
  folder: string;
  size: string;
  gpu?: string | undefined;
}): Promise<void> {
  const { context, requirements, folder, size, gpu } = input;
  const { setup, runDir } = context;
  const say = (stage: Stage, text: string): void => {
    context.progress(STAGES.indexOf(stage), STAGES.length, stage);
    if (setup.staged) context.log(`${stage.padEnd(12)} ok: ${text}`);
  };
  const asFailure = async <T>(stage: Stage, action: () => T | Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      if (setup.staged && error instanceof UserError) context.log(`${stage.padEnd(12)} failed`);
      throw error;
    }
  };
  const found = await asFailure('python', () => findPython(setup.python));
  say('python', `${found.version}, ${found.path}`);
  const pins = requirementsOf(requirements);
  if (setup.recreate) rmSync(folder, { recursive: true, force: true });
  const complete = setup.python !== undefined && lacking(found.path, pins).length === 0;
  let python = found.path;
  if (complete && !setup.recreate) {
    for (const stage of ['venv', 'pip', 'packages'] as const) say(stage, 'not needed, this Python has every package');
  } else {
    python = await asFailure('venv', () => makeVenv({ folder, found, signal: context.signal }));
    say('venv', folder);
    await asFailure('pip', () => checkPip(python, context.signal));
    say('pip', 'there');
    const text = await asFailure('packages', () => install({ context, python, folder, requirements, found, size }));
    say('packages', text);
  }
  const versions = packageVersions(python, Object.keys(pins));
  const different = Object.entries(pins).filter(
    ([name, pin]) => versions[name] !== pin && plainVersion(versions[name]) !== pin,
  );
  if (different.length > 0) {
    const list = different.map(([name, pin]) => `${name} ${versions[name]} (${pin})`).join(', ');
    context.log(`note: other versions than the ones that were tried: ${list}`);
  }
  let cuda = false;
  if (Object.hasOwn(pins, 'torch')) {
    cuda = await asFailure('torch import', () => importTorch(python, context));
    say('torch import', `torch ${versions.torch}`);
    if (gpu !== undefined && !cuda) context.log(`note: there is a ${gpu}, and torch cannot use it: the CPU will train`);
    say('cuda', cuda ? (gpu ?? 'there') : 'none, the CPU will train');
  }
  const known = Object.entries(versions).filter((pair): pair is [string, string] => pair[1] !== null);
  const environment: Environment = {
    python,
    requested: setup.python ?? null,
    cuda,
    versions: { python: found.version, ...Object.fromEntries(known) },
  };
  writeWithFolders(join(runDir, 'env.json'), `${JSON.stringify(environment, null, 2)}\n`);
}

/** The name of the first graphics card that the driver of NVIDIA sees. */
function graphicsCard(): string | undefined {
  const options = { encoding: 'utf8', timeout: 20_000 } as const;
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], options);
  return status === 0 ? stdout.trim().split('\n')[0] || undefined : undefined;
}

function requirementsFile(training: string, gpu: boolean): string {
  const cuda = join(training, 'requirements-cuda.txt');
  return gpu && existsSync(cuda) ? cuda : join(training, 'requirements.txt');
}

function lacking(python: string, pins: Readonly<Record<string, string>>): string[] {
  const versions = packageVersions(python, Object.keys(pins));
  return Object.keys(pins).filter((name) => versions[name] === null);
}

/** `2.15.0` of `2.15.0+cpu`. */
function plainVersion(version: string | null | undefined): string | undefined {
  return version?.split('+')[0];
}

const pythonIn = (folder: string): string =>
  process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');

async function makeVenv(input: { folder: string; found: Python; signal: AbortSignal }): Promise<string> {
  const { folder, found, signal } = input;
  const python = pythonIn(folder);
  // One that was left half made has an interpreter that does not start, or none.
  if (existsSync(python) && spawnSync(python, ['-c', 'import pip']).status === 0) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { code, tail } = await runProgram({ command: [found.path, '-m', 'venv', folder], signal });
  if (code === 0) return python;
  throw new UserError(`the Python environment cannot be made in ${folder}:\n${lastLines(tail)}`, {
    hint: 'on Debian and Ubuntu the package python3-venv is needed; or name a Python that has everything with --python',
  });
}

async function checkPip(python: string, signal: AbortSignal): Promise<void> {
  const { code, tail } = await runProgram({ command: [python, '-m', 'pip', '--version'], signal });
  if (code === 0) return;
  throw new UserError(`pip does not work in the Python environment:\n${lastLines(tail)}`, {
    hint: 'make it anew with --recreate',
  });
}

async function install(input: {
  context: PipelineContext;
  python: string;
  folder: string;
  requirements: string;
  found: Python;
  size: string;
}): Promise<string> {
  const { context, python, folder, requirements, found, size } = input;
  const pins = requirementsOf(requirements);
  const stamp = join(folder, 'sss-stamp.json');
  const state = `${JSON.stringify({ requirements: hashText(JSON.stringify(pins)), python: found.version })}\n`;
  const file = basename(requirements);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state && lacking(python, pins).length === 0) {
    return `those of ${file} are there`;
  }
  rmSync(stamp, { force: true });
  context.log(`installing the packages of ${file} (${size}; once for all runs)`);
  let seen = 0;
  const flags = ['--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
  const said = await runProgram({
    command: [python, '-m', 'pip', 'install', ...flags, '-r', requirements],
    signal: context.signal,
    onLine(line) {
      const [, what, name] = /^\s*(Collecting|Downloading|Installing)\s+(\S+)/.exec(line) ?? [];
      if (what === 'Collecting') seen++;
      if (what !== undefined)
        context.progress(seen, 0, `${what.toLowerCase()} ${what === 'Installing' ? 'all' : name}`);
    },
  });
  if (said.code !== 0) throw installFailure(said, requirements);
  writeWithFolders(stamp, state);
  return `installed those of ${file}`;
}

function installFailure({ tail }: Said, requirements: string): UserError {
  if (soundsOffline(tail)) {
    return new UserError('the Python packages cannot be downloaded: the package index does not answer', {
      hint: `go online once, or set SSS_TRAIN_PYTHON to a Python that has what ${requirements} names`,
    });
  }
  const full = /No space left on device|Errno 28/.test(tail);
  return new UserError(`the Python packages cannot be installed:\n${lastLines(tail)}`, {
    hint: full
      ? 'the disk is full, and the packages need room: about 6 GB, 200 MB for GGUF files alone'
      : 'try --recreate, or another Python with --python',
  });
}

async function importTorch(python: string, { signal }: PipelineContext): Promise<boolean> {
  const code = 'import torch; print("cuda" if torch.cuda.is_available() else "cpu")';
  const said = await runProgram({ command: [python, '-c', code], signal });
  if (said.code === 0) return /^cuda$/m.test(said.tail);
  throw new UserError(`torch cannot be imported by ${python}:\n${lastLines(said.tail)}`, {
    hint: 'make the environment anew with --recreate',
  });
}

function lastLines(text: string): string {
  return text
    .split('\n')
    .slice(-8)
    .map((line) => `  ${line}`)
    .join('\n');
}
