import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../src/util/errors.ts';
import { runProgram, soundsOffline } from './python.ts';
import type { PipelineContext } from './step.ts';

/** What llama.cpp is taken from: built for many platforms, without a compiler and without scripts of an installation. */
const PACKAGE = 'node-llama-cpp';
const VERSION = '3.22.1';
const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-armv7l',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
};

/** The library itself, not its helpers: `libllama.v0.5.0.so`, `libllama.dylib`, `llama.dll`. */
const LIBRARY = /[\\/]bins[\\/].*[\\/](?:lib)?llama(?:\.v?[\d.]+)?\.(?:so|dylib|dll)$/;

type Context = Pick<PipelineContext, 'artifactRoot' | 'signal' | 'log'>;

/** What quantizes: a program of the user, or a library that the worker calls. */
export type Quantizer = { readonly program: string } | { readonly library: string };

/**
 * `llama-quantize` of the PATH, else the library of the package for this platform.
 * @throws UserError when there is neither
 */
export async function findQuantizer(context: Context): Promise<Quantizer> {
  const program = 'llama-quantize';
  const { error } = spawnSync(program, ['--help'], { stdio: 'ignore', timeout: 20_000 });
  if (error === undefined) return { program };
  const folder = await ensureLlama(context);
  const library = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) => LIBRARY.test(name));
  if (library === undefined) throw new UserError(`there is no libllama in ${folder}`, { hint: hintOf(folder) });
  return { library: join(folder, library) };
}

/** The module to import for running GGUF files. @throws UserError when it cannot be had */
export async function llamaModule(context: Context): Promise<string> {
  const folder = await ensureLlama(context);
  return join(folder, 'node_modules', PACKAGE, 'dist', 'index.js');
}

const hintOf = (folder: string): string => `remove ${folder}: it is fetched again`;

/**
 * llama.cpp in a folder that all runs share, fetched when it is not there yet. It appears whole or not at all.
 * @returns the folder
 * @throws UserError offline, and on a platform that it is not built for
 */
export async function ensureLlama(context: Context): Promise<string> {
  const { artifactRoot, signal } = context;
  const folder = join(artifactRoot, '.llama');
  if (versionIn(folder) === VERSION) return folder;
  const platform = PLATFORMS[`${process.platform}-${process.arch}`];
  const hint = 'put llama-quantize of llama.cpp on the PATH to make GGUF files without it';
  if (platform === undefined) {
    throw new UserError(`there is no ${PACKAGE} for ${process.platform} on ${process.arch}`, { hint });
  }
  const fresh = `${folder}.${process.pid}.part`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    context.log(`fetching llama.cpp: ${PACKAGE} ${VERSION} (85 MB; once for all runs)`);
    const dependencies = { [PACKAGE]: VERSION, [`@${PACKAGE}/${platform}`]: VERSION };
    writeFileSync(join(fresh, 'package.json'), JSON.stringify({ private: true, dependencies }));
    // Optional ones are builds for graphics cards: 700 MB that are not needed here.
    const flags = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    const { code, tail } = await runProgram({ command: ['npm', 'install', ...flags], signal, cwd: fresh });
    if (code !== 0 || versionIn(fresh) !== VERSION) {
      const offline = soundsOffline(tail) ? ': the registry does not answer' : ` (exit code ${code}):\n${tail}`;
      const full = /ENOSPC|No space left/.test(tail) ? 'make room: 85 MB are needed' : `go online once, or ${hint}`;
      throw new UserError(`${PACKAGE} ${VERSION} cannot be installed${offline}`, { hint: full });
    }
    // Another run may have been faster, and use it by now.
    if (versionIn(folder) === VERSION) return folder;
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** The version in a folder; undefined: there is none, or half of one. */
function versionIn(folder: string): string | undefined {
  const modules = join(folder, 'node_modules');
  if (!existsSync(join(modules, `@${PACKAGE}`))) return undefined;
  try {
    const { version } = JSON.parse(readFileSync(join(modules, PACKAGE, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
