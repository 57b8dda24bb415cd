import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let known: string | undefined;

/** The folder that the package is installed in, seen from `src/` as well as from the bundles in `dist/`. */
export function packageFolder(): string {
  let folder = known ?? dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  known = folder;
  return folder;
}
