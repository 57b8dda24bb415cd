#!/usr/bin/env node
// CommonJS, as is the bundle of the hook: that starts faster.
const argv = process.argv.slice(2);
const isHook = argv[0] === 'hook' && argv[1] === 'run' && !argv.some((arg) => arg === '--help' || arg === '-h');

async function start() {
  if (isHook) return require('./load-hook.js').loadMain();
  require('node:module').enableCompileCache?.();
  return (await import('../dist/cli.js')).main;
}

start().then(
  async (main) => {
    process.exitCode = await main(argv);
  },
  ({ message }) => {
    console.error(`error: smart-secrets-scanner is not built: ${message}\nhint: run \`npm install\` in its folder`);
    process.exitCode = 2;
  },
);
