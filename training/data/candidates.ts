import { findCandidates } from '../../src/candidates/index.ts';
import { settle } from '../../src/classify/index.ts';
import { renderPrompt } from '../../src/classify/prompt.ts';
import { features } from '../../src/features/index.ts';
import { ngramIds } from '../../src/features/ngrams.ts';
import { featureVector } from '../../src/features/vector.ts';
import { loadRules, type RuleSet } from '../../src/rules/rule-set.ts';
import type { Candidate, TextChunk, VerdictLabel } from '../../src/types.ts';
import type { Place } from './creddata.ts';
import { type DataRecord, foldOf, recordId, type Source, type Split, type Variant } from './record.ts';

let builtin: RuleSet | undefined;

/** The rules that the scanner ships with: every record is made with them. */
export function shippedRules(): RuleSet {
  builtin ??= loadRules({ useBuiltinRules: true, customRules: [], disabledRules: [] });
  return builtin;
}

/** A candidate and what the labels of its place say of it. */
export interface LabelledCandidate {
  candidate: Candidate;
  label: VerdictLabel;
  /** `false`: no labelled place shares a line with it. */
  labelled: boolean;
  category: string;
}

/**
 * The candidates of a text with their labels, in order of place. One that lies beside the labelled value of a secret
 * place is left out: nobody has said what it is. One beside a placeholder counts as harmless.
 */
export function labelledCandidates(input: {
  chunk: TextChunk;
  places: readonly Place[];
  rules?: RuleSet;
}): LabelledCandidate[] {
  const { chunk, places, rules = shippedRules() } = input;
  return findCandidates(chunk, rules).flatMap((candidate) => {
    const label = labelOf(candidate, places);
    return label ? [{ candidate, ...label }] : [];
  });
}

/** What the labelled places say of a candidate, or undefined when they leave it open. */
export function labelOf(
  candidate: Candidate,
  places: readonly Place[],
): Pick<LabelledCandidate, 'label' | 'labelled' | 'category'> | undefined {
  const here = places.filter((place) => candidate.line <= place.end && candidate.endLine >= place.start);
  if (here.length === 0) return { label: 'harmless', labelled: false, category: '' };
  const touched = here.flatMap((place) => place.values.filter((value) => touches(candidate, place, value.span)));
  const secret = touched.find((value) => value.label === 'secret');
  if (secret) return { label: 'secret', labelled: true, category: secret.category };
  if (here.some((place) => place.secret)) return undefined;
  const known = touched.filter((value) => value.span !== null);
  const said = (known.length > 0 ? known : touched).find((value) => value.label === 'placeholder') ?? touched[0];
  return { label: said?.label ?? 'harmless', labelled: true, category: (said ?? here[0]!).category };
}

/** Whether a candidate overlaps a labelled value: by lines where one of the two has no columns to compare. */
function touches(candidate: Candidate, place: Place, span: readonly [number, number] | null): boolean {
  if (span === null || place.start !== place.end || candidate.line !== candidate.endLine) return true;
  return candidate.column - 1 < span[1] && candidate.endColumn - 1 > span[0];
}

/** Where records come from; the same for all of a file. */
export interface RecordOrigin {
  repo: string;
  variant: Variant;
  source: Source;
  split: Split;
}

/** The records of the labelled candidates of a text, in order of place. All weigh 1. */
export function recordsOf(
  input: RecordOrigin & { chunk: TextChunk; places: readonly Place[]; rules?: RuleSet },
): DataRecord[] {
  return labelledCandidates(input).map((found) => recordOf(found, input));
}

/** The record of one labelled candidate. Everything in it but label, category and weight comes from the candidate alone. */
export function recordOf(found: LabelledCandidate, origin: RecordOrigin & { template?: string }): DataRecord {
  const { candidate, label, labelled, category } = found;
  const { repo, variant, source, split, template = null } = origin;
  const path = candidate.chunk.logicalPath;
  const f = features(candidate);
  const verdict = settle({ candidate, features: f, preset: 'balanced' });
  const { start, end } = candidate;
  const { text, span } = surroundings(candidate);
  const ids = ngramIds(candidate);
  return {
    id: recordId({ source, repo, path, start, end, variant }),
    source,
    split,
    variant,
    repo,
    fold: foldOf(repo),
    path,
    language: languageOf(path),
    category,
    label,
    weight: 1,
    labelled,
    name: candidate.name ?? null,
    syntax: candidate.syntax,
    rule: candidate.rules[0]?.id ?? '',
    line: candidate.line,
    endLine: candidate.endLine,
    value: candidate.value,
    span,
    text,
    template,
    settled: verdict ? { label: verdict.label, probability: verdict.probability, decidedBy: verdict.decidedBy } : null,
    x: [...featureVector({ candidate, features: f })],
    ngrams: { value: packed(ids.value), name: packed(ids.name), line: packed(ids.line) },
    prompt: renderPrompt(candidate, f),
  };
}

const REACH = 200;

/** The lines of a value, at most REACH code units before and after it, and the place of the value in that text. */
function surroundings({ chunk: { text }, start, end, value }: Candidate): Pick<DataRecord, 'text' | 'span'> {
  let from = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - REACH, 0);
  const newline = text.indexOf('\n', end);
  let to = Math.min(newline < 0 ? text.length : newline, end + REACH);
  // A pair of surrogates that is cut in two is no text any more.
  if (from < start && isLow(text.charCodeAt(from))) from++;
  if (to > end && isLow(text.charCodeAt(to))) to--;
  if (to > end && text[to - 1] === '\r') to--;
  return { text: text.slice(from, to), span: [start - from, start - from + value.length] };
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function packed(ids: Uint16Array): string {
  const bytes = Buffer.alloc(ids.length * 2);
  ids.forEach((id, i) => {
    bytes.writeUInt16LE(id, i * 2);
  });
  return bytes.toString('base64');
}

/** The ids that `packed` n-grams stand for. */
export function unpackIds(text: string): Uint16Array {
  const bytes = Buffer.from(text, 'base64');
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readUInt16LE(i * 2));
}

const LANGUAGES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'javascript js mjs cjs jsx',
    'typescript ts mts cts tsx',
    'python py pyw ipynb',
    'ruby rb erb rake',
    'go go',
    'rust rs',
    'java java',
    'kotlin kt kts',
    'scala scala',
    'groovy groovy gradle',
    'csharp cs cshtml csproj',
    'c c h',
    'cpp cc cpp cxx hpp hh',
    'objective-c m mm',
    'swift swift',
    'php php phtml',
    'perl pl pm t',
    'lua lua',
    'dart dart',
    'elixir ex exs',
    'erlang erl hrl',
    'shell sh bash zsh fish ksh',
    'powershell ps1 psm1 psd1',
    'batch bat cmd',
    'sql sql',
    'json json jsonc json5 jsonl har',
    'yaml yaml yml',
    'toml toml',
    'ini ini cfg conf cnf config properties env',
    'xml xml xsd xsl plist resx svg',
    'html html htm vue svelte jsp ejs hbs',
    'css css scss sass less',
    'markdown md mdx markdown rst adoc',
    'text txt log',
    'terraform tf tfvars hcl',
    'key pem key crt cer pub asc',
  ].flatMap((row) => {
    const [language, ...endings] = row.split(' ');
    return endings.map((ending) => [ending, language!] as const);
  }),
);

/** Language of a path by its ending; the ending itself for those that have no name here, `none` without one. */
export function languageOf(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/^dockerfile|^containerfile/.test(file)) return 'docker';
  if (/^\.env/.test(file)) return 'ini';
  if (/^makefile/.test(file)) return 'make';
  const ending = /\.([a-z0-9]{1,12})$/.exec(file)?.[1];
  return ending === undefined ? 'none' : Object.hasOwn(LANGUAGES, ending) ? LANGUAGES[ending]! : ending;
}
