// Runs after `npm install` in a checkout, and when npm or pre-commit makes a package of a git dependency: builds dist/,
// and turns this repository's own hooks on with husky, except in CI and in a copy that is not a git checkout.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

// `npm install -g git+…` prepares the clone with the global flag still set, so its development dependencies are missing.
if (process.env.npm_config_global === 'true' && process.env.npm_execpath) {
  run(
    process.env.npm_execpath,
    'install',
    '--no-save',
    '--no-global',
    '--include=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  );
}
run(join(root, 'scripts', 'build.mjs'));
if (!process.env.CI && existsSync(join(root, '.git'))) {
  const { default: husky } = await import('husky');
  const message = husky();
  if (message) console.error(message);
}
