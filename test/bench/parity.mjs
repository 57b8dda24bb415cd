// npm run bench:parity [-- --artifact-root DIR] [--shared DIR] [--with FILE]: GGUF files of the shipped model beside its
// weights and its ONNX file, on calib. Writes bench/parity.txt. Needs what training needs; `--with` adds the
// gguf/parity.txt of a run that was trained on this machine, where the weights are those before any quantization.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bin, node, publish, root, sharedFolder } from './run.mjs';

const { values: arg } = parseArgs({
  options: {
    'artifact-root': { type: 'string', default: join(root, 'runs') },
    shared: { type: 'string' },
    with: { type: 'string' },
  },
});
const runs = arg['artifact-root'];
const [model] = readdirSync(join(root, 'models'));
const config = join(runs, 'parity.yaml');
mkdirSync(runs, { recursive: true });
writeFileSync(config, `data:\n  creddata: ${JSON.stringify(join(sharedFolder(arg.shared), 'creddata'))}\n`);
const wanted = ['--target-step', 'compare_gguf', '--config', config];
node([bin, 'train', '--shipped', '--artifact-root', runs, ...wanted]);
const tables = [join(runs, `gguf-${model}`, 'gguf', 'parity.txt'), ...(arg.with ? [arg.with] : [])];
publish('parity', [
  'The same model as GGUF, by llama.cpp, beside its weights, by transformers, and ONNX, by the scanner. Share of candidates',
  'with the same most probable verdict, share that the scanner calls the same at `balanced`, and differences of probabilities.',
  ...tables.flatMap((path) => ['', ...readFileSync(path, 'utf8').trim().split('\n')]),
]);
