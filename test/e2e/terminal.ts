import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageFolder } from './program.ts';

/** Waits for a text, then does the rest. */
export interface TerminalStep {
  wait: string;
  resize?: [columns: number, rows: number];
  signal?: 'KILL' | 'TERM' | 'HUP' | 'CONT';
  send?: string;
}

/** What a program did on a terminal: negative status: the number of the signal that ended it. */
export interface TerminalResult {
  status: number;
  seen: string;
  /** What was drawn, one screen after the other, without colours and the controls that draw it. */
  screens: string[];
}

const script = join(packageFolder, 'test', 'e2e', 'terminal.py');
/** There is no terminal without Python, nor on Windows. */
export const hasTerminal = process.platform !== 'win32' && spawnSync('python3', ['-c', 'import pty']).status === 0;

/** Runs the built program on a terminal of its own. */
export function onTerminal(
  args: readonly string[],
  input: { cwd: string; steps: readonly TerminalStep[]; columns?: number; rows?: number; env?: NodeJS.ProcessEnv },
): TerminalResult {
  const { cwd, steps, columns, rows, env = {} } = input;
  const argv = [process.execPath, join(packageFolder, 'bin', 'smart-secrets-scanner.js'), ...args];
  const clean: NodeJS.ProcessEnv = { ...process.env, TERM: 'xterm', ...env };
  for (const name of ['CI', 'FORCE_COLOR', 'NO_COLOR', 'SSS_SKIP']) if (!(name in env)) delete clean[name];
  const told = JSON.stringify({ argv, steps, columns, rows });
  const { stdout, stderr } = spawnSync('python3', [script, told], { cwd, env: clean, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const { status, seen, problem } = JSON.parse(stdout);
  if (problem !== null) throw new Error(`${problem}\n${seen}`);
  const screens = seen
    .split('\x1b[H')
    .slice(1)
    .map((screen: string) => screen.split('\x1b[J')[0]!.replace(/\x1b\[(?:K|\d+m)|\r/g, ''));
  return { status, seen, screens };
}
