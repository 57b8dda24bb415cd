import type { ModelCard } from '../../src/classify/card.ts';
import type { TrainConfig } from '../pipeline/context.ts';
import type { Summary } from './metrics.ts';
import type { Report } from './report.ts';
import type { ThresholdsFile } from './sweep-thresholds.ts';

/** Everything that the card is written from. */
export interface CardFacts {
  card: ModelCard;
  report: Report;
  thresholds: ThresholdsFile;
  /** config.json of the language model. */
  network: Readonly<Record<string, unknown>>;
  /** int8 against float32 over prompts of train: largest difference of a probability, share of equal verdicts. */
  parity: { prompts: number; maxProbabilityDifference: number; agreement: number } | undefined;
  config: TrainConfig;
  synthetic: boolean;
}

const SOURCES: Readonly<Record<string, string>> = {
  creddata: 'labelled lines of public repositories (CredData), both variants',
  packages: 'source of released packages, taken as harmless',
  synthetic: 'generated examples',
  augmented: 'labelled lines with their values replaced by generated ones',
  extra: "the user's own records",
};

/** Categories with fewer secrets say nothing about a limit. */
const FEWEST = 5;
const WORST = 5;

/** The text of MODEL_CARD.md. */
export function modelCard(facts: CardFacts): string {
  const { card, report, thresholds, synthetic } = facts;
  const variants = Object.keys(report.confusion);
  const isAsked = card.band.low <= card.band.high;
  const asked = isAsked
    ? 'what it is not sure of is read by a small causal language model, and both are stacked and calibrated'
    : 'a small causal language model lies beside it, and is not asked: it was no better on repositories that it had not seen';
  const parts = [
    `---\nlicense: mit\nlanguage: code\ntags: [secret-detection, text-classification]\n---`,
    `# ${card.name}`,
    `Judges whether a string in source code is a secret, a placeholder or harmless. Run \`${card.version}\`. ` +
      'A gate of boosted trees over hand features and character n-grams judges first; ' +
      `${asked} (${network(facts.network)}). All numbers below were measured by the pipeline that made the model.`,
    ...(synthetic ? ['**Made from generated data only, to try the pipeline: not for use.**'] : []),
    '## Use',
    'Meant for: candidates that smart-secrets-scanner finds in text files, before they are committed or in what is there already. ' +
      'A finding asks a person to look.',
    'Not meant for: text without the features and prompts that the scanner makes; deciding alone whether to revoke, to block ' +
      'a person or to prove that a repository is clean; natural language and binary data.',
    '## Data',
    table(
      ['split', 'used for', 'places', 'secrets', 'repositories'],
      [
        ['train', 'fitting (out of fold for everything that is chosen on it)', ...counts(thresholds.data.train)],
        ['calib', 'band, calibration and thresholds', ...counts(thresholds.data.calib)],
        ['test', 'the results below, nothing else', ...counts(report.data)],
      ],
    ),
    'Splits are by repository. Values of secrets in the labelled lines were randomised by those who published them or ' +
      'generated anew, in two variants: in `random` every value is random characters; in `human` the values that people ' +
      'had made of words are words again, other ones. No value that was in use is in the data.',
    'Records that were fitted on, by source:',
    table(
      ['source', 'what', 'records', 'secret', 'placeholder', 'harmless', 'settled by rules and filters'],
      thresholds.data.sources.map((s) => [
        ...[s.source, SOURCES[s.source] ?? '', String(s.records)],
        ...[s.secret, s.placeholder, s.harmless, s.settled].map(String),
      ]),
    ),
    '## Results on test',
    'The unit is a labelled place (lines of a file); strict F1 counts reported lines outside of labelled places as false ' +
      'alarms too. Threshold of the balanced preset.',
    table(
      ['judged by', 'variant', 'P', 'R', 'F1', 'strict F1', 'AP'],
      Object.entries(report.systems).flatMap(([name, { variants: by }]) =>
        Object.entries(by).map(([variant, s]) => [
          ...[SYSTEMS[name] ?? name, variant],
          ...[s.precision, s.recall, s.f1, s.strictF1, s.averagePrecision].map(rate),
        ]),
      ),
    ),
    gains(report),
    'In the band:',
    table(
      ['variant', 'candidates', 'gate: log loss', 'stacked: log loss', 'gate: AP', 'stacked: AP'],
      Object.entries(report.inBand).map(([variant, b]) => [
        ...[variant, String(b.candidates)],
        ...[b.gate.logLoss, b.stacked.logLoss, b.gate.averagePrecision, b.stacked.averagePrecision].map(rate),
      ]),
    ),
    '## Presets and calibration',
    table(
      ['preset', 'threshold', 'without the language model', ...variants.flatMap((v) => [`P ${v}`, `R ${v}`])],
      (['strict', 'balanced', 'wide'] as const).map((preset) => [
        ...[preset, String(card.thresholds[preset]), String(card.gateThresholds[preset])],
        ...variants.flatMap((v) =>
          [report.presets[preset]![v]!.precision, report.presets[preset]![v]!.recall].map(rate),
        ),
      ]),
    ),
    `Chosen on out-of-fold train and calib, both variants; every repository weighs at most as ${thresholds.settings.repositoryCap} places, UUIDs of calib weigh ${thresholds.settings.uuidWeight}. ${isAsked ? `The language model is asked where the gate's probability is from ${card.band.low} to ${card.band.high}.` : 'The language model is not asked.'}`,
    `Expected calibration error over labelled candidates (15 bins of equal width): ${Object.entries(report.calibration)
      .map(([v, c]) => `${v} ${rate(c.calibrationError)} (${rate(c.openCalibrationError)} where gate and model judged)`)
      .join(', ')}.`,
    ...(thresholds.notes.length > 0 ? [thresholds.notes.map((note) => `- ${note}`).join('\n')] : []),
    ...variants.flatMap((v) => [
      `## By category, ${v} variant`,
      breakdown(report.categories[v]!),
      `## By language, ${v} variant`,
      breakdown(report.languages[v]!),
    ]),
    '## Limits',
    limits(report, variants),
    '## How to make it again',
    `\`sss train\` with the labelled data in its place, seed ${facts.config.seed}. The manifest of the run holds the hash of every input, setting and output.`,
    ...(facts.parity
      ? [
          `Quantizing to int8 moved no probability by more than ${rate(facts.parity.maxProbabilityDifference)} over ${facts.parity.prompts} prompts; ${rate(facts.parity.agreement)} of the verdicts stayed.`,
        ]
      : []),
    `Cost: ${report.cost.cpuMsPerCandidate.toFixed(3)} ms of CPU a candidate, averaged over the ${report.cost.candidates} candidates of test, on one thread.`,
    '## Files',
    table(
      ['file', 'bytes', 'SHA-256'],
      Object.entries(card.files).map(([name, { bytes, sha256 }]) => [name, String(bytes), `\`${sha256}\``]),
    ),
    `Together ${report.model.bytes} bytes.`,
    '## Licence',
    'MIT, as the scanner. The labelled data is not part of the model folder.',
  ];
  return `${parts.join('\n\n')}\n`;
}

const SYSTEMS: Readonly<Record<string, string>> = {
  model: 'gate and language model',
  gate: 'gate alone',
  baseline: 'linear head on the frozen base (threshold 0.5)',
  rules: 'rules and filters alone',
};

function gains({ systems }: Report): string {
  const gain = (a: keyof Report['systems'], b: keyof Report['systems']) =>
    Object.keys(systems[a].variants)
      .map((v) => `${v} ${signed(systems[a].variants[v]!.f1 - systems[b].variants[v]!.f1)}`)
      .join(', ');
  return `F1 of the whole over the gate alone: ${gain('model', 'gate')}; of the gate over the rules: ${gain('gate', 'rules')}.`;
}

function limits({ categories, examples }: Report, variants: readonly string[]): string {
  const worst = variants.flatMap((v) =>
    Object.entries(categories[v]!)
      .filter(([, s]) => s.secrets >= FEWEST)
      .sort(([, a], [, b]) => a.f1 - b.f1)
      .slice(0, WORST)
      .map(([name, s]) => `- ${name}, ${v} variant: F1 ${rate(s.f1)}, recall ${rate(s.recall)} (${s.secrets} secrets)`),
  );
  const wrong = examples.filter((e) => !e.right).map((e) => e.id);
  return [
    `The weakest categories with at least ${FEWEST} secrets:`,
    worst.join('\n'),
    ...(examples.length > 0
      ? [
          `Of the ${examples.length} examples in \`fixtures/twenty.json\`, ${examples.length - wrong.length} are judged right${wrong.length > 0 ? `; wrong: ${wrong.join(', ')}` : ''}.`,
        ]
      : []),
    'Labels are of public code in the languages above; other kinds of text were not measured.',
  ].join('\n\n');
}

function breakdown(summaries: Readonly<Record<string, Summary>>): string {
  return table(
    ['', 'places', 'secrets', 'P', 'R', 'F1'],
    Object.entries(summaries)
      .filter(([, s]) => s.secrets > 0)
      .map(([name, s]) => [name, String(s.places), String(s.secrets), ...[s.precision, s.recall, s.f1].map(rate)]),
  );
}

function network(config: Readonly<Record<string, unknown>>): string {
  const parts = [
    ['', 'model_type', ''],
    ['', 'num_hidden_layers', ' layers'],
    ['of ', 'hidden_size', ''],
    ['vocabulary of ', 'vocab_size', ''],
  ] as const;
  const known = parts.flatMap(([before, key, after]) =>
    config[key] === undefined ? [] : [`${before}${String(config[key])}${after}`],
  );
  return [...known, 'int8'].join(', ');
}

function counts(of: { places: number; secrets: number; repositories: number }): string[] {
  return [of.places, of.secrets, of.repositories].map(String);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function rate(value: number): string {
  return value.toFixed(4);
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
}
