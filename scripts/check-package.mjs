// Checks what `npm pack` would publish: everything that a user needs to run, nothing else, and no file that is missing.
import { execFileSync } from 'node:child_process';
import { root } from './bundle.mjs';

const npm = process.env.npm_execpath ? [process.execPath, [process.env.npm_execpath]] : ['npm', []];
const out = execFileSync(npm[0], [...npm[1], 'pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: root,
  encoding: 'utf8',
});
const parsed = JSON.parse(out);
const [{ files, unpackedSize }] = Array.isArray(parsed) ? parsed : Object.values(parsed);
const paths = files.map(({ path }) => path);
const wanted = [
  'bin/smart-secrets-scanner.js',
  'bin/load-hook.js',
  'dist/cli.js',
  'dist/index.js',
  'dist/worker.js',
  'dist/hook.cjs',
  'dist/rules.jsonl',
  'dist/rule-keywords.json',
  'dist/rule-examples.json',
  'bin/package.json',
  'dist/types/index.d.ts',
  'hooks/pre-commit',
  'hooks/pre-push',
  'dist/train.js',
  'models/sss-llama-4x256/card.json',
  'models/sss-llama-4x256/gate.json',
  'models/sss-llama-4x256/onnx/model_quantized.onnx',
  'training/config/default.yaml',
  'training/requirements.txt',
  'training/requirements-gguf.txt',
  'training/workers/common.py',
  'fixtures/twenty.json',
  'LICENSE',
  'README.md',
  'package.json',
];
const missing = wanted.filter((path) => !paths.includes(path));
const strange = paths.filter(
  (path) =>
    /\.cache/.test(path) ||
    !/^(?:bin|dist|docs|hooks|models|training\/config)\/|^training\/workers\/\w+\.py$|^training\/(?:requirements[\w-]*\.txt|README\.md)$|^fixtures\/twenty\.json$|^(?:LICENSE|README\.md|package\.json)$/.test(
      path,
    ),
);
for (const path of missing) console.error(`the package lacks ${path}`);
for (const path of strange) console.error(`the package should not have ${path}`);
console.log(`${paths.length} files, ${Math.round(unpackedSize / 1000)} kB unpacked`);
process.exitCode = missing.length + strange.length > 0 ? 1 : 0;
