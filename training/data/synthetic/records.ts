import type { TextChunk } from '../../../src/types.ts';
import { labelledCandidates, recordOf, shippedRules } from '../candidates.ts';
import type { Place } from '../creddata.ts';
import { type Random, randomOf } from '../random.ts';
import type { DataRecord, Split } from '../record.ts';
import { HARMLESS_TEMPLATES } from './harmless.ts';
import { PLACEHOLDER_TEMPLATES } from './placeholders.ts';
import { type ProviderExample, providerExamples } from './providers.ts';
import { SECRET_TEMPLATES } from './secrets.ts';
import { fillTemplate, type Snippet, type Template } from './template.ts';
import { PROJECT_WORDS } from './words.ts';

/** How many of each kind are generated; the kinds themselves are mixed from all templates alike. */
export interface SyntheticCounts {
  secret: number;
  placeholder: number;
  harmless: number;
  /** For each example of a provider's rule. */
  provider: number;
}

const TEMPLATES = { secret: SECRET_TEMPLATES, placeholder: PLACEHOLDER_TEMPLATES, harmless: HARMLESS_TEMPLATES };

/**
 * Records of generated code, in order of template. What a template makes is a group of its own, so that a template is
 * only ever in one fold. Candidates come from the scanner's own code; a snippet in which it finds none is left out.
 */
export function* syntheticRecords(input: {
  seed: number;
  counts: SyntheticCounts;
  split: Split;
}): Generator<DataRecord> {
  const { seed, counts, split } = input;
  const seen = new Set<string>();
  for (const label of ['secret', 'placeholder', 'harmless'] as const) {
    const templates = TEMPLATES[label];
    for (const [i, template] of templates.entries()) {
      // The first templates get one more where the count does not divide.
      const share = Math.floor((counts[label] + templates.length - 1 - i) / templates.length);
      const random = randomOf(`${seed}:${template.id}`);
      for (let n = 0; n < share; n++) yield* fresh(recordsOfSnippet(fillTemplate(template, random), split), seen);
    }
  }
  for (const example of providerExamples(shippedRules())) {
    const random = randomOf(`${seed}:${example.template}`);
    for (let n = 0; n < counts.provider; n++) {
      yield* fresh(recordsOfProvider(example, { random, round: `${seed}:${n}`, split }), seen);
    }
  }
}

/** Every template that snippets are made of. */
export function everyTemplate(): readonly Template[] {
  return Object.values(TEMPLATES).flat();
}

function* fresh(records: readonly DataRecord[], seen: Set<string>): Generator<DataRecord> {
  for (const record of records) {
    // The same path, place and group by chance: the id would be another record's.
    if (seen.has(record.id)) continue;
    seen.add(record.id);
    yield record;
  }
}

function recordsOfSnippet(snippet: Snippet, split: Split): DataRecord[] {
  const { template, path, text, start, end, label } = snippet;
  const chunk = chunkOfText(path, text);
  const [kind, ...name] = template.split('/');
  return labelledCandidates({ chunk, places: [placeOf(snippet)] })
    .filter(({ candidate }) => candidate.start < end && candidate.end > start)
    .slice(0, 1)
    .map((found) =>
      recordOf(
        { ...found, label, category: `${kind} ${name.join('-')}` },
        { repo: `synthetic/${template}`, variant: 'plain', source: 'synthetic', split, template },
      ),
    );
}

const EXTENSIONS = ['py', 'js', 'ts', 'java', 'go', 'rb', 'yml', 'json', 'env', 'sh', 'md', 'tf', 'properties', 'cs'];

function recordsOfProvider(
  example: ProviderExample,
  of: { random: Random; round: string; split: Split },
): DataRecord[] {
  const { random, round, split } = of;
  const word = () => random.pick(PROJECT_WORDS);
  const path = `${random.pick(['src', 'config', 'lib', 'deploy', 'scripts', 'app'])}/${word()}/${word()}.${random.pick(EXTENSIONS)}`;
  const chunk = chunkOfText(path, `${example.text(round)}\n`);
  const found = labelledCandidates({ chunk, places: [] }).find(
    ({ candidate }) => example.label !== 'secret' || candidate.rules.some((rule) => rule.id === example.rule),
  );
  if (!found) return [];
  const template = example.template;
  return [
    recordOf(
      { ...found, label: example.label, labelled: true, category: `provider ${example.rule}` },
      // Rules share their examples' shapes with their neighbours, but never with a group of another rule.
      { repo: `synthetic/provider/${example.rule}`, variant: 'plain', source: 'synthetic', split, template },
    ),
  ];
}

/** The labelled place of a snippet's value. */
export function placeOf(snippet: Snippet): Place {
  const { path, text, start, end, label, template } = snippet;
  const before = text.slice(0, start);
  const line = before.split('\n').length;
  const column = start - (before.lastIndexOf('\n') + 1);
  const category = template.split('/').slice(1).join('-');
  return {
    path,
    start: line,
    end: line,
    secret: label === 'secret',
    label,
    category,
    values: [{ label, span: [column, column + end - start], category }],
  };
}

export function chunkOfText(path: string, text: string): TextChunk {
  return {
    origin: { kind: 'file' },
    path,
    logicalPath: path,
    text,
    bytes: Buffer.byteLength(text),
    encoding: 'utf-8',
    firstLine: 1,
  };
}
