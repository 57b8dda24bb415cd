// Bundles src/ into dist/ (see bundle.mjs) and makes the type declarations; `--no-types` leaves those out.
// dist/ is replaced at the end, so that a running scanner never misses it.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, root } from './bundle.mjs';

const fresh = join(root, `dist.${process.pid}`);
try {
  await bundle({ outdir: fresh });
  if (!process.argv.includes('--no-types')) {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const args = [tsc, '-p', 'tsconfig.types.json', '--outDir', join(fresh, 'types')];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
    if (status !== 0) throw new Error(`the type declarations could not be made (tsc ended with ${status})`);
  }
  replace(join(root, 'dist'), fresh);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function replace(target, source) {
  const old = `${target}.old.${process.pid}`;
  if (existsSync(target)) renameSync(target, old);
  renameSync(source, target);
  rmSync(old, { recursive: true, force: true });
}
