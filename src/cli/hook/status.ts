import { needsMode, readHook } from './install.ts';
import { findHookPlace, shown } from './place.ts';
import { callsScanner, HOOK_TYPES, type HookType } from './text.ts';

/** Whether a hook would run the scanner, and in words why or why not. */
export interface HookStatus {
  type: HookType;
  path: string;
  runs: boolean;
  words: string;
}

/**
 * Looks at the hooks of the repository that `cwd` is in.
 * @throws UserError outside a repository, and where hooks are shared with other repositories.
 */
export async function hookStatus(cwd: string): Promise<HookStatus[]> {
  const place = await findHookPlace(cwd);
  return HOOK_TYPES.map((type) => {
    const hook = readHook(place, type);
    const status = (runs: boolean, words: string): HookStatus => ({
      type,
      path: shown(place.top, hook.path),
      runs,
      words,
    });
    if (place.ready) return status(true, "core.hooksPath points at the scanner's own hooks");
    const byHand = !hook.block && callsScanner(hook.script);
    if (!hook.block && !byHand) {
      return status(
        false,
        hook.kind === 'none' ? 'not installed' : 'not installed (there is a hook without the scanner)',
      );
    }
    if (!place.active) return status(false, 'installed, but husky is not set up in this clone: run `npx husky`');
    if (needsMode(place) && !hook.executable) {
      return status(false, 'installed, but the file is not executable, so git ignores it: run `sss hook install`');
    }
    if (byHand) return status(true, 'called by a line of your own');
    return status(true, hook.hasEarlier ? `installed, runs the earlier hook afterwards` : 'installed');
  });
}
