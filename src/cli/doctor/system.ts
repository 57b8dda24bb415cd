import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { openRepository } from '../../sources/repository.ts';
import { runGit } from '../../util/git-process.ts';
import { packageFolder } from '../../util/package-folder.ts';
import { version } from '../../util/version.ts';
import { type Check, note, ok, problem } from './check.ts';

/** Node.js from this version on, as package.json says. */
const LEAST_NODE = [20, 19] as const;
const OLLAMA_PORT = 11_434;
const PATIENCE_MS = 500;

/** The program and what it runs on. */
export function checkProgram(): Check[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOld = major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]);
  const where = `${process.platform} ${process.arch}`;
  const hook = join(packageFolder(), 'dist', 'hook.cjs');
  return [
    ok('scanner', `${version} in ${packageFolder()}`),
    isOld
      ? problem('node', `${process.version} on ${where} is too old`, `install Node.js ${LEAST_NODE.join('.')} or later`)
      : ok('node', `${process.version} on ${where}`),
    ...(existsSync(hook)
      ? []
      : [
          problem(
            'scanner',
            'the installation is not whole: dist/hook.cjs is missing',
            'npm install, or in a clone: npm run build',
          ),
        ]),
  ];
}

/** git, and the repository around the folder. */
export async function checkGit(cwd: string): Promise<Check[]> {
  const { stdout } = await runGit({ cwd, args: ['version'] });
  const checks = [
    ok(
      'git',
      stdout
        .toString('utf8')
        .trim()
        .replace(/^git version /, ''),
    ),
  ];
  const repository = await openRepository(cwd);
  if (!repository) return [...checks, note('repository', 'none here: only files and folders can be scanned')];
  const { root, bare, shallow } = repository;
  if (bare) checks.push(note('repository', `${root} has no working tree: only its history can be scanned`));
  else checks.push(ok('repository', root));
  if (shallow) {
    const mend = 'for ranges and the history: git fetch --unshallow';
    checks.push(note('repository', `it is a shallow clone, so its history ends early (${mend})`));
  }
  return checks;
}

/** What the language model would be judged by, and by whom else: only looked for. */
export async function checkOptional(cwd: string): Promise<Check[]> {
  const llama = [join(packageFolder(), 'package.json'), join(cwd, 'package.json')].some((from) =>
    has('node-llama-cpp', from),
  );
  const ollama = await answers(OLLAMA_PORT);
  return [
    note('optional', `node-llama-cpp: ${llama ? 'installed' : 'not installed, and not needed'}`),
    note(
      'optional',
      `Ollama: ${ollama ? 'answers' : 'does not answer'} on 127.0.0.1:${OLLAMA_PORT}${ollama ? '' : ', and is not needed'}`,
    ),
  ];
}

function has(name: string, from: string): boolean {
  try {
    createRequire(from).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Whether something on this machine takes connections. Nothing is sent. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(PATIENCE_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
