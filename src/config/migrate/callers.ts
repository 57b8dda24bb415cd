import { callersInPreCommit } from './callers-pre-commit.ts';
import { callersInWorkflow } from './callers-workflow.ts';
import { peerCommand } from './command-line.ts';
import type { Caller, Files } from './setup.ts';

/** What runs the scanner in a hook. */
const HOOK_COMMANDS = {
  'pre-commit': 'npx smart-secrets-scanner hook run pre-commit',
  'pre-push': 'npx smart-secrets-scanner hook run pre-push "$@"',
} as const;

const HOOK_FOLDERS = ['.husky', '.githooks', '.hooks', 'git-hooks'];
const HOOKS = /^pre-(?:commit|push)$/;
const LINT_STAGED = ['.lintstagedrc', '.lintstagedrc.json', '.lintstagedrc.yaml', '.lintstagedrc.yml'];
/** Read for the names of peers only: what is in them is for people. */
const OTHERS = [
  'lefthook.yml',
  'lefthook.yaml',
  '.lefthook.yml',
  'Makefile',
  '.gitlab-ci.yml',
  'lint-staged.config.js',
];
const WORKFLOWS = '.github/workflows';

/**
 * Every place of a repository at which one of the peers is started: hooks, lint-staged, scripts, workflows.
 *
 * @param version of the scanner, for places that install it
 */
export async function findCallers(files: Files, version: string): Promise<Caller[]> {
  const out: Caller[] = [];
  const each = async (path: string, find: (text: string) => Caller[] | Promise<Caller[]>): Promise<void> => {
    const text = await files.read(path);
    if (text !== undefined) out.push(...(await find(text)));
  };
  for (const name of ['.pre-commit-config.yaml', '.pre-commit-config.yml']) {
    await each(name, (text) => callersInPreCommit(name, text));
  }
  for (const folder of HOOK_FOLDERS) {
    for (const name of files.list(folder).filter((one) => HOOKS.test(one))) {
      await each(`${folder}/${name}`, (text) => inScript(`${folder}/${name}`, text, name as 'pre-commit' | 'pre-push'));
    }
  }
  await each('package.json', (text) => inJson('package.json', text));
  for (const name of LINT_STAGED) await each(name, (text) => inLines(name, text, HOOK_COMMANDS['pre-commit']));
  for (const name of files.list(WORKFLOWS).filter((one) => /\.ya?ml$/.test(one))) {
    await each(`${WORKFLOWS}/${name}`, (text) => callersInWorkflow(`${WORKFLOWS}/${name}`, text, version));
  }
  for (const name of OTHERS) await each(name, (text) => inLines(name, text, HOOK_COMMANDS['pre-commit']));
  return out;
}

/** Lines of a hook: one that does nothing else is replaced, in others people decide. */
function inScript(file: string, text: string, type: 'pre-commit' | 'pre-push'): Caller[] {
  const instead = HOOK_COMMANDS[type];
  let isThere = text.includes('smart-secrets-scanner');
  let at = 0;
  return text.split('\n').flatMap((line, i) => {
    const start = at;
    at += line.length + 1;
    // A line that goes on is read as a whole, and left to people.
    const command = peerCommand(
      text
        .slice(start)
        .replace(/\\\r?\n\s*/g, ' ')
        .split('\n', 1)[0]!
        .trim(),
    );
    if (!command) return [];
    const indent = /^\s*/.exec(line)![0].length;
    const length = line.replace(/\r$/, '').length;
    const isWhole = command.isAlone && !/\\\r?$/.test(line);
    const { peer, args } = command;
    if (!isWhole) return [{ peer, args, file, line: i + 1, instead }];
    const edit = isThere
      ? { start, end: Math.min(at, text.length), text: '' }
      : { start: start + indent, end: start + length, text: instead };
    isThere = true;
    return [{ peer, args, file, line: i + 1, instead, edit }];
  });
}

/** Scripts and lint-staged of a package.json: texts that are a command of a peer. */
function inJson(file: string, text: string): Caller[] {
  return [...text.matchAll(/("(?:[^"\\\n]|\\.)*")(\s*:)?/g)].flatMap((match) => {
    const value = match[2] === undefined ? parsed(match[0]) : undefined;
    const command = value === undefined ? undefined : peerCommand(value);
    if (!command || value === undefined) return [];
    const line = text.slice(0, match.index).split('\n').length;
    const { peer, args } = command;
    // The name alone is a dependency or a keyword as often as a command.
    const isStaged = isLintStaged(text, match.index);
    if (args.length === 0 && !isStaged && !isScript(text, match.index)) return [];
    const instead = isStaged ? 'smart-secrets-scanner hook run pre-commit' : 'smart-secrets-scanner scan';
    const edit = { start: match.index, end: match.index + match[0].length, text: JSON.stringify(instead) };
    return [{ peer, args, file, line, instead, ...(command.isAlone ? { edit } : {}) }];
  });
}

function parsed(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}

function isLintStaged(text: string, at: number): boolean {
  return lastKey(text, at) === 'lint-staged';
}

function isScript(text: string, at: number): boolean {
  return lastKey(text, at) === 'scripts';
}

/** The key of the outermost table that a place of a JSON text is in. */
function lastKey(text: string, at: number): string | undefined {
  const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/g;
  let depth = 0;
  let key: string | undefined;
  for (let match = token.exec(text); match && match.index < at; match = token.exec(text)) {
    if (match[0] === '{' || match[0] === '[') depth++;
    else if (match[0] === '}' || match[0] === ']') depth--;
    else if (match[2] !== undefined && depth === 1) key = match[1];
  }
  return key;
}

/** Files of other forms: named, with what should stand there. */
function inLines(file: string, text: string, instead: string): Caller[] {
  return text.split('\n').flatMap((line, i) => {
    const words = line.replace(/^[\s"'\-*]*(?:[\w.*{},/-]+["']?\s*:\s*)?[["'\s@]*/, '').replace(/["'\],\s]+$/, '');
    const command = /^\s*#/.test(line) ? undefined : peerCommand(words);
    return command ? [{ peer: command.peer, args: command.args, file, line: i + 1, instead }] : [];
  });
}
