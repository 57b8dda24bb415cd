import type { Allow } from '../types.ts';
import { globToRegExp } from './glob.ts';
import { readText } from './read-file.ts';

/**
 * Takes over a `.secretlintignore`: paths as in `.gitignore`. An exception (`!src/`) cannot be taken over, and what stands
 * before it would let too much pass without it: neither is used.
 *
 * @returns one entry for all paths, and in words what could not be taken over
 * @throws UserError when it cannot be read
 */
export async function readSecretlintIgnore(
  path: string,
  shown: string,
): Promise<{ allow: Allow[]; warnings: string[] }> {
  const warnings: string[] = [];
  let paths: RegExp[] = [];
  const lines = (await readText(path, shown)).replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [i, line] of lines.entries()) {
    const glob = line.trim();
    if (glob === '' || glob.startsWith('#')) continue;
    if (glob.startsWith('!')) {
      const lost = paths.length > 0 ? ', and neither is what stands before it, which would let too much pass' : '';
      warnings.push(`${shown}:${i + 1}: exceptions with ! are not supported: it is not used${lost}`);
      paths = [];
      continue;
    }
    const made = globToRegExp(glob);
    if ('error' in made) warnings.push(`${shown}:${i + 1}: it is no path pattern that can be used: ${made.error}`);
    else paths.push(made.pattern);
  }
  return { allow: paths.length > 0 ? [{ description: shown, paths }] : [], warnings };
}
