// Fits the weights of the scorecard (src/classify/scorecard.ts) and writes src/classify/scorecard-weights.ts.
//
//   npm run fit:scorecard -- --creddata ../shared/creddata --packages DIR
//
// Logistic regression with a penalty on the size of the weights. Reads the train split of the labelled code in both
// variants, and released packages' source under DIR as harmless text (made by training/fetch-packages.sh). Secrets of
// one repository count for at most REPO_CAP together, so that no repository decides alone. Prints what the weights give
// on train; thresholds are chosen with sweep-thresholds.mjs.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { INDICATORS, loadRules } from '../dist/index.js';
import { layOut } from '../test/bench/creddata.mjs';
import { harmlessExamples, labelledExamples } from './labelled.mjs';

const REPO_CAP = 150;
const PENALTY = 2;
const STEPS = 400;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: arg } = parseArgs({
  options: {
    creddata: { type: 'string', default: join(root, '..', 'shared', 'creddata') },
    packages: { type: 'string' },
  },
});
if (!arg.packages) {
  console.error(
    'usage: fit-scorecard.mjs --packages DIR [--creddata DIR]   (training/fetch-packages.sh DIR makes DIR)',
  );
  process.exit(2);
}
const rules = loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });
const laidOut = layOut(arg.creddata);
const labelled = ['random', 'human'].flatMap((variant) =>
  labelledExamples({ creddata: arg.creddata, laidOut, split: 'train', variant, rules }),
);
const harmless = harmlessExamples({ dir: arg.packages, rules, everyNth: 8 });
const secretsOf = new Map();
for (const e of labelled) if (e.secret) secretsOf.set(e.repo, (secretsOf.get(e.repo) ?? 0) + 1);
const examples = [
  ...labelled.map((e) => ({
    ...e,
    weight: e.secret ? Math.min(1, REPO_CAP / secretsOf.get(e.repo)) : e.labelled ? 1 : 0.5,
  })),
  ...harmless.map((e) => ({ ...e, weight: 0.5 })),
];
console.log(
  `${labelled.length} labelled candidates (${labelled.filter((e) => e.secret).length} secret), ${harmless.length} of packages`,
);
const weights = logisticRegression(examples);
report(examples, weights);
const lines = INDICATORS.map(([id], i) => `    '${id}': ${weights[i].toFixed(2)},`);
const target = join(root, 'src', 'classify', 'scorecard-weights.ts');
writeFileSync(
  target,
  `import type { Weights } from './scorecard.ts';

/** Made by \`npm run fit:scorecard\` from the train split of labelled code and the source of released packages. */
export const SCORECARD_WEIGHTS: Weights = {
  bias: ${weights[INDICATORS.length].toFixed(2)},
  weights: {
${lines.join('\n')}
  },
};
`,
);
spawnSync('npx', ['biome', 'check', '--write', target], { cwd: root, stdio: 'inherit' });

/** Weights by gradient descent with Adam, all examples in every step; the last one is the bias, which is not penalised. */
function logisticRegression(rows) {
  const n = INDICATORS.length;
  const sparse = rows.map((row) => ({
    on: row.x.flatMap((v, j) => (v ? [[j, v]] : [])),
    y: row.secret ? 1 : 0,
    weight: row.weight,
  }));
  const w = new Float64Array(n + 1);
  const mean = new Float64Array(n + 1);
  const square = new Float64Array(n + 1);
  for (let step = 1; step <= STEPS; step++) {
    const gradient = new Float64Array(n + 1);
    for (const { on, y, weight } of sparse) {
      let sum = w[n];
      for (const [j, v] of on) sum += w[j] * v;
      const error = (1 / (1 + Math.exp(-sum)) - y) * weight;
      gradient[n] += error;
      for (const [j, v] of on) gradient[j] += error * v;
    }
    for (let j = 0; j <= n; j++) {
      if (j < n) gradient[j] += PENALTY * w[j];
      mean[j] = 0.9 * mean[j] + 0.1 * gradient[j];
      square[j] = 0.99 * square[j] + 0.01 * gradient[j] ** 2;
      w[j] -= (0.05 * (mean[j] / (1 - 0.9 ** step))) / (Math.sqrt(square[j] / (1 - 0.99 ** step)) + 1e-8);
    }
  }
  return w;
}

function report(rows, w) {
  for (const threshold of [0.3, 0.5, 0.7]) {
    const said = rows.map(
      ({ x }) => 1 / (1 + Math.exp(-x.reduce((s, v, j) => s + v * w[j], w[x.length]))) >= threshold,
    );
    const tp = rows.filter((r, i) => said[i] && r.secret).length;
    const fp = rows.filter((r, i) => said[i] && !r.secret).length;
    console.log(
      `train, at ${threshold}: candidates right ${tp}, wrong ${fp}, missed ${rows.filter((r) => r.secret).length - tp}`,
    );
  }
}
