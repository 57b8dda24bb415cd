#!/usr/bin/env node
// CommonJS, as is the bundle of the hook: that starts faster.
require('node:module').enableCompileCache?.();
const argv = process.argv.slice(2);
const isHook = argv[0] === 'hook' && argv[1] === 'run' && !argv.some((arg) => arg === '--help' || arg === '-h');

async function start() {
  const { main } = isHook ? require('../dist/hook.cjs') : await import('../dist/cli.js');
  return main;
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
