#!/usr/bin/env node
const cli = await import('../dist/cli.js').catch((error) =>
  console.error(`error: smart-secrets-scanner is not built: ${error.message}\nhint: run \`npm install\` in its folder`),
);
process.exitCode = cli ? await cli.main(process.argv.slice(2)) : 2;
