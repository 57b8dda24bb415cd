import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillExample } from '../../src/rules/examples.ts';
import { type GitResult, temporaryDirectory } from './repository.ts';

/** The list of all rules is more than a megabyte of JSON. */
const LONGEST_OUTPUT = 16 * 1024 * 1024;

/** Top of the package. */
export const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const script = join(packageFolder, 'bin', 'smart-secrets-scanner.js');

/** The password of `secretLine`: must never be seen in an output. */
export const secretValue = fillExample('{{alnum:10}}#{{alnum:5}}!{{alnum:8}}');
/** A line of Python that every preset takes for a secret. */
export const secretLine = `db_password = "${secretValue}"\n`;

/** Environment without what the machine or the test runner says about colours, CI and skipping. */
function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const env = { ...process.env, ...extra };
  for (const name of ['CI', 'FORCE_COLOR', 'NO_COLOR', 'SSS_SKIP', 'PRE_COMMIT'])
    if (!(name in extra)) delete env[name];
  return env;
}

/** Runs the built program. */
export function sss(
  args: readonly string[],
  { cwd, env, input }: { cwd: string; env?: NodeJS.ProcessEnv; input?: string | Buffer },
): GitResult {
  const result = spawnSync(process.execPath, [script, ...args], {
    maxBuffer: LONGEST_OUTPUT,
    cwd,
    env: environment(env),
    input: input ?? '',
    encoding: 'utf8',
  });
  if (result.error) throw result.error;
  return { status: result.status ?? 1, stdout: result.stdout, stderr: result.stderr };
}

/** Makes `node_modules/smart-secrets-scanner` in a folder lead to the package, as `npm install` of it would. */
export function installPackage(folder: string): void {
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(packageFolder, join(folder, 'node_modules', 'smart-secrets-scanner'));
}

/** A folder with a program of that name in it, to be put on PATH. */
export function programFolder(name: string, text: string): string {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), 0o755);
  return folder;
}
