// npm run bench:learning [-- --shared DIR]: what learning from decisions does for made-up teams with habits of their own, in
// repositories of theirs that nobody has decided anything in; and, with labelled data, for code without such habits.
// Writes bench/learning.txt.
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { publish, root } from './run.mjs';

const { values: arg } = parseArgs({ options: { shared: { type: 'string' } } });
const shared = resolve(arg.shared ?? join(root, '..', 'shared'));
const outfile = join(root, 'dist', `bench-learning.${process.pid}.mjs`);
await build({
  ...{ absWorkingDir: root, entryPoints: ['test/learning/bench.ts'], outfile },
  ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' },
});
try {
  const { measureLearning } = await import(pathToFileURL(outfile).href);
  publish('learning', [
    'What is raised (balanced preset) in new repositories of a team after so many decisions on findings in its others. Teams are made',
    'up: habits that look like secrets and are none, and secrets that look like them. gone: of the false alarms of the shipped model.',
    '',
    ...(await measureLearning(existsSync(shared) ? shared : undefined)),
  ]);
} finally {
  rmSync(outfile, { force: true });
}
