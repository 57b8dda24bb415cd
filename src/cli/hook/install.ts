import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../util/errors.ts';
import { type HookPlace, scannerPlaces, shown } from './place.ts';
import { callsScanner, findBlock, type HookType, hookBlock, insertBlock, isShellScript, removeBlock } from './text.ts';

/** A hook file as it stands. Texts are strings of bytes (latin1). */
export interface HookFile {
  path: string;
  /** `editable`: a shell script that a block can be put into. `foreign`: anything else; it is kept beside ours. */
  kind: 'none' | 'editable' | 'foreign';
  script: string;
  block: string | undefined;
  /** Where a foreign hook is kept, and whether one is there. */
  earlier: string;
  hasEarlier: boolean;
  executable: boolean;
}

/** What was done to one hook. `by-hand`: its user calls the scanner in a line of their own. */
export interface HookChange {
  type: HookType;
  path: string;
  action: 'installed' | 'updated' | 'unchanged' | 'by-hand' | 'removed' | 'restored' | 'absent';
  /** A hook that was there before and runs after the scanner. */
  chained: boolean;
}

/** Reads the hook of a type, without following a link and without changing anything. */
export function readHook(place: HookPlace, type: HookType): HookFile {
  const path = join(place.folder, type);
  const earlier = `${path}.before-sss`;
  const stat = lstatSync(path, { throwIfNoEntry: false });
  const hasEarlier = lstatSync(earlier, { throwIfNoEntry: false }) !== undefined;
  const none = { path, script: '', block: undefined, earlier, hasEarlier, executable: false };
  if (!stat) return { ...none, kind: 'none' };
  if (stat.isDirectory()) throw new UserError(`${shown(place.top, path)} is a folder, not a hook`);
  if (!stat.isFile()) return { ...none, kind: 'foreign' };
  const script = readFileSync(path, 'latin1');
  const executable = (stat.mode & 0o111) !== 0;
  // A hook that is not executable was switched off by its user (git ignores it): it must not come alive with ours.
  const block = findBlock(script);
  const alive = executable || block !== undefined || !needsMode(place);
  const editable = isShellScript(script) && alive;
  return { ...none, kind: editable ? 'editable' : 'foreign', script, block, executable };
}

/**
 * Puts the scanner into a hook, or brings the lines that are there up to date. What the hook did before it still does,
 * after the scanner.
 * @throws UserError where that cannot be done without losing something.
 */
export function installHook(input: { place: HookPlace; type: HookType; cwd: string }): HookChange {
  const { place, type, cwd } = input;
  const hook = readHook(place, type);
  const change = { type, path: hook.path, chained: hook.hasEarlier };
  if (place.ready) return { ...change, action: 'unchanged' };
  if (!hook.block && callsScanner(hook.script)) return { ...change, action: 'by-hand' };
  const places = scannerPlaces({ place, cwd });
  if (hook.kind === 'editable') {
    const script = insertBlock(hook.script, hookBlock({ type, places, created: false }));
    const same = script === hook.script && (hook.executable || !needsMode(place));
    const mode = statSync(hook.path).mode | (needsMode(place) ? 0o111 : 0);
    if (!same) writeHook({ path: hook.path, script, mode });
    const action = !hook.block ? 'installed' : same ? 'unchanged' : 'updated';
    return { ...change, action, chained: change.chained || removeBlock(script) !== undefined };
  }
  if (hook.kind === 'foreign') keepEarlier(place, hook);
  mkdirSync(place.folder, { recursive: true });
  const script = `#!/bin/sh\n${hookBlock({ type, places, created: true })}`;
  writeHook({ path: hook.path, script, mode: 0o755 });
  return { ...change, action: 'installed', chained: hook.kind === 'foreign' || hook.hasEarlier };
}

/** Takes the scanner out of a hook: file, bytes and mode are again what they were before it came. */
export function uninstallHook({ place, type }: { place: HookPlace; type: HookType }): HookChange {
  const hook = readHook(place, type);
  const change = { type, path: hook.path, chained: hook.hasEarlier };
  if (place.ready) {
    throw new UserError("core.hooksPath points at the scanner's own hooks", {
      hint: 'git config --unset core.hooksPath',
    });
  }
  if (!hook.block) return { ...change, action: 'absent' };
  const script = removeBlock(hook.script);
  if (script !== undefined) {
    writeHook({ path: hook.path, script, mode: statSync(hook.path).mode });
    return { ...change, action: 'removed' };
  }
  rmSync(hook.path);
  if (!hook.hasEarlier) return { ...change, action: 'removed' };
  renameSync(hook.earlier, hook.path);
  return { ...change, action: 'restored' };
}

/** Whether git looks at the executable bit of the hook. */
export function needsMode(place: HookPlace): boolean {
  return place.manager === 'git' && process.platform !== 'win32';
}

/** Moves a hook that no shell lines can be put into out of the way; the block calls it from there. */
function keepEarlier(place: HookPlace, hook: HookFile): void {
  const name = shown(place.top, hook.path);
  if (place.manager === 'husky') {
    throw new UserError(`${name} is not a plain shell script, which husky needs`, {
      hint: 'add this line to what it runs: npx smart-secrets-scanner hook run',
    });
  }
  if (hook.hasEarlier) {
    throw new UserError(`${name} cannot be kept as ${shown(place.top, hook.earlier)}: there is such a file already`, {
      hint: 'it is from an earlier installation: move it away, or put it back as the hook',
    });
  }
  renameSync(hook.path, hook.earlier);
}

/** Writes beside the hook and renames: a hook is never half there. */
function writeHook({ path, script, mode }: { path: string; script: string; mode: number }): void {
  const temporary = join(dirname(path), `.sss-${process.pid}.tmp`);
  try {
    writeFileSync(temporary, script, { encoding: 'latin1', mode: 0o600, flag: 'wx' });
    chmodSync(temporary, mode & 0o7777);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    throw new UserError(`the hook ${path} cannot be written${code ? ` (${code})` : ''}`, { cause });
  }
}
