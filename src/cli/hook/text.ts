import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../util/package-folder.ts';

/** The git hooks that the scanner can stand in. */
export const HOOK_TYPES = ['pre-commit', 'pre-push'] as const;
export type HookType = (typeof HOOK_TYPES)[number];

/** What the shell block is told about where the scanner is. */
export interface ScannerPlaces {
  /** Folder of the installed package, relative to the top of the working tree, `/`-separated. */
  home: string;
  /** Absolute paths of node and of the scanner's script. Left out where the hook is committed. */
  installed?: { node: string; script: string };
}

/** Stands in the block of a hook file that did not exist before: such a file goes when the block goes. */
const CREATED = '# This file was made by smart-secrets-scanner.\n';
/** From a first to a last marker, not over another first one: what stands between two halves is the user's. */
const BLOCK =
  /^# >>> smart-secrets-scanner >>>(?:(?!^# >>> smart-secrets-scanner >>>)[\s\S])*?^# <<< smart-secrets-scanner <<<[^\n]*(?:\n|$)/m;

/**
 * The marked lines that do the work, cut from the package's own `hooks/<type>` and told where the scanner is.
 * Ends with a newline. Like all hook texts here it is a string of bytes (latin1): a hook may hold any encoding.
 */
export function hookBlock(input: { type: HookType; places: ScannerPlaces; created: boolean }): string {
  const { type, places, created } = input;
  const [block] = BLOCK.exec(readFileSync(join(packageFolder(), 'hooks', type), 'latin1'))!;
  const { node = '', script = '' } = places.installed ?? {};
  const paths = `home=${quote(places.home)} installed_node=${quote(node)} installed_bin=${quote(script)}`;
  const known = Buffer.from(paths, 'utf8').toString('latin1');
  const told = block.replace(/home=.* installed_node=.* installed_bin=.*/, () => known);
  return created ? markCreated(told) : told;
}

/** Puts `block` behind the `#!` line of a shell script, or replaces the block that is already in it. */
export function insertBlock(script: string, block: string): string {
  const before = findBlock(script);
  if (before !== undefined) {
    const kept = before.includes(CREATED.trimEnd()) ? markCreated(block) : block;
    return script.replace(before, () => (before.endsWith('\n') ? kept : kept.slice(0, -1)));
  }
  const [shebang] = /^(?:#![^\n]*(?:\n|$))?/.exec(script)!;
  if (shebang === script && shebang !== '' && !shebang.endsWith('\n')) return `${script}\n${block.slice(0, -1)}`;
  return shebang + block + script.slice(shebang.length);
}

/**
 * Takes the block out: exactly the text that was there before it came. Undefined when nothing but what the installer
 * made would be left, so that the file should go. A text without a block is returned as it is.
 */
export function removeBlock(script: string): string | undefined {
  const match = BLOCK.exec(script);
  if (!match) return script;
  const [block] = match;
  const before = script.slice(0, match.index);
  const rest = (block.endsWith('\n') ? before : before.replace(/\n$/, '')) + script.slice(match.index + block.length);
  return block.includes(CREATED.trimEnd()) && /^(?:#![^\n]*)?\s*$/.test(rest) ? undefined : rest;
}

/** The marked lines of a hook script, if it has them. */
export function findBlock(script: string): string | undefined {
  return BLOCK.exec(script)?.[0];
}

/** Whether lines of shell can be put into a hook: it has a shell's `#!` line, or none at all and is text. */
export function isShellScript(script: string): boolean {
  if (script.includes('\0')) return false;
  const line = script.slice(0, 256).split('\n', 1)[0]!;
  if (!line.startsWith('#!')) return true;
  return /^#!\s*(?:\S*\/)?(?:env\s+(?:-\S+\s+)*)?(?:busybox\s+)?(?:sh|bash|dash|ash|ksh|mksh|zsh)(?:\.exe)?(?:\s|$)/.test(
    line,
  );
}

/** Whether a hook calls the scanner by a line of its user's own. */
export function callsScanner(script: string): boolean {
  return /^[^#\n]*\b(?:sss|smart-secrets-scanner)(?:\.js)?["']?\s+hook\s+run\b/m.test(script.replace(BLOCK, ''));
}

function markCreated(block: string): string {
  return block.includes(CREATED) ? block : block.replace('\n', () => `\n${CREATED}`);
}

function quote(text: string): string {
  return /^[\w./@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
