// npm run bench:judge -- --judge llama-cpp:FILE.gguf [--shared DIR]: what a large language model adds on calib to the
// scanner's own model, when it is asked about what that is in doubt of: for bands round the threshold, and with the majority
// of several rollouts at a temperature. Writes bench/judge.txt.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createJudge, findCandidates, loadRules, openLlm } from '../../dist/index.js';
import { chunkOf, labelledPlaces, layOut, overlaps } from './creddata.mjs';
import { publish, sharedFolder } from './run.mjs';

const BANDS = [
  [0.3, 0.7],
  [0.2, 0.8],
  [0.1, 0.9],
  [0.05, 0.95],
];
const USUAL = [0.1, 0.9];
const ROLLOUTS = [1, 3, 5, 9];
const TEMPERATURE = 0.8;
const EVERYTHING = { low: 0, high: 1 };

const { values: arg } = parseArgs({
  options: { shared: { type: 'string' }, judge: { type: 'string', default: 'llama-cpp' }, url: { type: 'string' } },
});
const creddata = join(sharedFolder(arg.shared), 'creddata');
const laidOut = layOut(creddata);
const rules = loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });
const own = createJudge({ preset: 'balanced', device: 'cpu', doubtful: EVERYTHING });
const llm = await openLlm({ spec: arg.judge, url: arg.url, packageFolder: process.cwd(), parallel: 2 });
const asked = new Map();
const lines = [
  `What ${llm.name}${llm.isOurs ? ' (our own model as GGUF)' : ''} adds on calib when it is asked about what the scanner is in doubt of.`,
  'Preset balanced; labelled places, a secret when a candidate in it is taken for one. Band: probabilities by the scanner',
  'between which it is asked. Own wrong: candidates in the band that the scanner alone judges wrong, of those in labelled',
  'places; judged wrong: the same when the judge has had its say.',
];
for (const variant of ['random', 'human']) {
  const { places, candidates } = await judged(variant);
  const alone = score(places, ({ verdict }) => verdict.label);
  const row = (words, label, [low, high]) => {
    const inBand = candidates.filter((one) => isIn(one, [low, high]));
    const wrong = (by) => inBand.filter((one) => (by(one) === 'secret') !== one.isSecret).length;
    const { precision, recall, f1 } = score(places, label);
    return [
      words.padEnd(40),
      `${inBand.length}`.padStart(7),
      `${wrong(({ verdict }) => verdict.label)}`.padStart(10),
      `${wrong(label)}`.padStart(13),
      ...[precision, recall, f1].map((n) => n.toFixed(4).padStart(9)),
      `${f1 >= alone.f1 ? '+' : ''}${(f1 - alone.f1).toFixed(4)}`.padStart(9),
    ].join('');
  };
  const head = `${'judged by'.padEnd(40)}  in band  own wrong  judged wrong   P        R        F1    change`;
  const mistakes = candidates.filter(({ verdict, isSecret }) => (verdict.label === 'secret') !== isSecret).length;
  const all = `${candidates.length} candidates in ${places.length} places, ${mistakes} of them judged wrong by the scanner alone`;
  lines.push('', `== ${variant} variant, ${all}`, '', head);
  lines.push(row('the scanner alone', ({ verdict }) => verdict.label, USUAL));
  const right = (one) => (one.isSecret ? 'secret' : 'harmless');
  for (const band of BANDS) {
    lines.push(
      row(
        `one that is always right, band ${band.join('–')}`,
        (one) => (isIn(one, band) ? right(one) : one.verdict.label),
        band,
      ),
    );
  }
  for (const band of BANDS) {
    await answerAll(candidates.filter((one) => isIn(one, band)));
    lines.push(row(`most probable, band ${band.join('–')}`, inside(band, once), band));
  }
  for (const n of ROLLOUTS) {
    await answerAll(
      candidates.filter((one) => isIn(one, USUAL)),
      n,
    );
    lines.push(row(`${n} at temperature ${TEMPERATURE}, band ${USUAL.join('–')}`, inside(USUAL, majority(n)), USUAL));
  }
}
await llm.close();
publish('judge', lines);

/** The candidates that touch labelled places, with what the scanner says of them. */
async function judged(variant) {
  const places = [];
  const candidates = [];
  for (const [path, labelled] of labelledPlaces(creddata, 'calib')) {
    const file = join(laidOut, variant, path);
    if (!existsSync(file)) continue;
    const found = findCandidates(chunkOf(path, readFileSync(file, 'utf8')), rules);
    const touching = found.filter((one) => labelled.some((place) => overlaps(one, place)));
    const verdicts = await own.judge(touching);
    const here = touching.map((candidate, i) => ({
      verdict: verdicts[i],
      isSecret: labelled.some((place) => place.secret && overlaps(candidate, place)),
      candidate,
    }));
    for (const place of labelled) {
      places.push({ isSecret: place.secret, of: here.filter(({ candidate }) => overlaps(candidate, place)) });
    }
    candidates.push(...here);
  }
  return { places, candidates };
}

function isIn({ verdict }, [low, high]) {
  return verdict.question !== undefined && verdict.probability >= low && verdict.probability <= high;
}

/** Asks about each once, or `rollouts` times at a temperature. */
async function answerAll(candidates, rollouts = 0) {
  const seeds = rollouts === 0 ? [0] : Array.from({ length: rollouts }, (_, i) => i + 1);
  const temperature = rollouts === 0 ? 0 : TEMPERATURE;
  const questions = new Set(candidates.map(({ verdict }) => verdict.question));
  await Promise.all(
    [...questions].flatMap((prompt) =>
      seeds.map(async (seed) => {
        const key = `${seed} ${prompt}`;
        if (!asked.has(key)) asked.set(key, (await llm.ask({ prompt, temperature, seed })).label);
      }),
    ),
  );
}

function once(question) {
  return asked.get(`0 ${question}`);
}

/** Secret, if more than half of so many answers say so. */
function majority(n) {
  return (question) => {
    const secrets = Array.from({ length: n }, (_, i) => asked.get(`${i + 1} ${question}`)).filter(
      (l) => l === 'secret',
    );
    return secrets.length * 2 > n ? 'secret' : 'harmless';
  };
}

function inside(band, answer) {
  return (one) => (isIn(one, band) ? answer(one.verdict.question) : one.verdict.label);
}

function score(places, label) {
  const taken = new Map();
  const isTaken = (one) => {
    if (!taken.has(one)) taken.set(one, label(one) === 'secret');
    return taken.get(one);
  };
  let [right, wrong, missed] = [0, 0, 0];
  for (const { isSecret, of } of places) {
    const isFound = of.some(isTaken);
    if (isFound && isSecret) right++;
    else if (isFound) wrong++;
    else if (isSecret) missed++;
  }
  const precision = right / (right + wrong);
  const recall = right / (right + missed);
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}
