import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that holds `training/` and package.json, whether this runs from the sources or from the bundle, in a clone
 * or in node_modules.
 */
export function packageRoot(from: string = dirname(fileURLToPath(import.meta.url))): string {
  let folder = from;
  while (!existsSync(join(folder, 'training', 'config', 'default.yaml')) || !existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('the package lacks training/config/default.yaml');
    folder = above;
  }
  return folder;
}
