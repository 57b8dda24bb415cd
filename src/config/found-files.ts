import { join } from 'node:path';
import type { Config } from '../types.ts';

/** What the baseline is called unless the configuration or the command line names another file. */
export const BASELINE_FILE = '.smart-secrets-scanner.baseline';

/** Ignore files of other scanners, by the scanner. */
export const IGNORE_FILES = {
  gitleaks: '.gitleaksignore',
  'detect-secrets': '.secrets.baseline',
  secretlint: '.secretlintignore',
} as const;
/** The scanners whose ignore files are known. */
export const IGNORE_FILE_PEERS = Object.keys(IGNORE_FILES) as readonly (keyof typeof IGNORE_FILES)[];

/**
 * Names the baseline and the ignore files that are there. Of `ignoreFiles` the configuration holds the names of scanners;
 * what comes back holds paths.
 *
 * @param place.names what is in the root
 * @throws UserError when an ignore file that names paths cannot be read
 */
export async function withFoundFiles(
  config: Config,
  place: { root: string; names: ReadonlySet<string>; show: (path: string) => string },
): Promise<Config> {
  const { root, names, show } = place;
  const { baseline = names.has(BASELINE_FILE) ? join(root, BASELINE_FILE) : undefined } = config;
  const wanted = IGNORE_FILE_PEERS.filter((peer) => config.ignoreFiles?.includes(peer) ?? true);
  const found = wanted.map((peer) => IGNORE_FILES[peer]).filter((name) => names.has(name));
  const { ignoreFiles: _, ...rest } = config;
  const out: Config = { ...rest, ...(baseline === undefined ? {} : { baseline }) };
  if (found.length === 0) return out;
  const paths = found.filter((name) => name !== IGNORE_FILES.secretlint).map((name) => join(root, name));
  if (paths.length > 0) out.ignoreFiles = paths;
  if (paths.length === found.length) return out;
  const { readSecretlintIgnore } = await import('./secretlint-ignore.ts');
  const path = join(root, IGNORE_FILES.secretlint);
  const { allow, warnings } = await readSecretlintIgnore(path, show(path));
  return { ...out, allow: [...out.allow, ...allow], warnings: [...out.warnings, ...warnings] };
}
