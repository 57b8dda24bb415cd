import { features } from '../../src/features/index.ts';
import { CREDENTIAL_KINDS } from '../../src/features/name.ts';
import type { Candidate } from '../../src/types.ts';
import { rarity } from '../../src/util/rarity.ts';
import { type LabelledCandidate, labelledCandidates, recordOf } from './candidates.ts';
import { chunkOf, type LabelledFile, type OpenSplit } from './creddata.ts';
import { lot, type Random, randomOf } from './random.ts';
import { type DataRecord, recordId } from './record.ts';
import { humanPassword, token } from './synthetic/values.ts';

/** A value that a machine made, or one that a person would type. */
export type Style = 'random' | 'human';

/** A labelled value that may be replaced, and what may stand in its place without making the label wrong. */
export interface Base {
  file: number;
  id: string;
  /** The repository and the line without its value: lists of alike lines share it. */
  line: string;
  found: LabelledCandidate;
  styles: readonly Style[];
}

/**
 * Copies of labelled lines with other values in them. Secrets and non-secrets are treated alike: of each, the same
 * share gets values as people choose them and the rest random ones of the kind that stood there, so that neither
 * "made of words" nor "random" tells the label by itself. The file that a
 * base comes from is not touched.
 *
 * A copy keeps the group (and so the fold) of the line that it was made from. `template` names that line.
 */
export function augmentedRecords(input: {
  split: OpenSplit;
  files: readonly LabelledFile[];
  bases: readonly Base[];
  seed: number;
  /** Copies wanted; secrets and non-secrets get half each as far as there are bases. */
  count: number;
  humanShare: number;
  /** Most bases of lines that are alike. */
  perLine: number;
  /** How often each base is drawn, with another value each time. */
  copies: number;
}): DataRecord[] {
  const { split, files, bases, seed, count, humanShare, perLine, copies } = input;
  const words = knownWords(files);
  return Array.from({ length: copies }, (_, round) => round).flatMap((round) => {
    const drawn = `${seed}:${round}`;
    const chosen = choose({ bases: fewOfALine(bases, perLine, drawn), seed: drawn, count: count / copies, humanShare });
    return chosen.flatMap(({ base, style }) => {
      const record = copyOf({ file: files[base.file]!, base, style, seed: drawn, round, words });
      return record ? [{ ...record, split: split.split }] : [];
    });
  });
}

/** Words that people write, from the texts themselves: not the frequent ones, which are those of code. Sorted. */
function knownWords(files: readonly LabelledFile[]): string[] {
  const counts = new Map<string, number>();
  for (const { text } of files) {
    for (const [word] of text.matchAll(/(?<![A-Za-z])[A-Z]?[a-z]{3,9}(?![A-Za-z_\d(.])/g)) {
      const lower = word.toLowerCase();
      counts.set(lower, (counts.get(lower) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([word, count]) => count >= 3 && count <= 60 && rarity(word) < 4.5)
    .map(([word]) => word)
    .sort();
}

/** Which bases are used, and how, in order of place: as many human ones of each label group as the share says. */
export function choose(input: { bases: readonly Base[]; seed: string; count: number; humanShare: number }) {
  const { bases, seed, count, humanShare } = input;
  const chosen: { base: Base; style: Style }[] = [];
  for (const isSecret of [true, false]) {
    const group = bases.filter((base) => base.styles.length > 0 && (base.found.label === 'secret') === isSecret);
    const human = group.filter((base) => base.styles.includes('human'));
    const random = group.filter((base) => base.styles.includes('random'));
    // The scarcer style decides, or the shares would differ between the groups.
    const size = Math.floor(
      Math.min(
        count / 2,
        group.length,
        human.length / Math.max(humanShare, 1e-9),
        random.length / Math.max(1 - humanShare, 1e-9),
      ),
    );
    const forHuman = drawn(human, Math.round(size * humanShare), `${seed}:human`);
    const taken = new Set(forHuman);
    const left = random.filter((base) => !taken.has(base));
    const forRandom = drawn(left, size - forHuman.length, `${seed}:random`);
    const surplus = forHuman.length - Math.round((forRandom.length * humanShare) / Math.max(1 - humanShare, 1e-9));
    const evenHuman = surplus > 0 && humanShare < 1 ? forHuman.slice(0, forHuman.length - surplus) : forHuman;
    chosen.push(
      ...evenHuman.map((base) => ({ base, style: 'human' as const })),
      ...forRandom.map((base) => ({ base, style: 'random' as const })),
    );
  }
  return chosen.sort(
    (a, b) => a.base.file - b.base.file || a.base.found.candidate.start - b.base.found.candidate.start,
  );
}

/** At most `most` bases of each line, drawn; in the order given. */
function fewOfALine(bases: readonly Base[], most: number, seed: string): Base[] {
  const byLine = new Map<string, Base[]>();
  for (const base of bases) {
    const same = byLine.get(base.line);
    if (same) same.push(base);
    else byLine.set(base.line, [base]);
  }
  const kept = new Set([...byLine.values()].flatMap((same) => drawn(same, most, `${seed}:line`)));
  return bases.filter((base) => kept.has(base));
}

function drawn(bases: readonly Base[], count: number, seed: string): Base[] {
  return bases
    .map((base) => ({ base, lot: lot(`${seed}:${base.id}`) }))
    .sort((a, b) => a.lot - b.lot || (a.base.id < b.base.id ? -1 : 1))
    .slice(0, count)
    .map(({ base }) => base);
}

const MACHINE = new Set(['uuid', 'hex', 'base32', 'base64']);
const TYPED = new Set(['words', 'word-digits', 'identifier', 'digits', 'other']);

/** The styles that may replace the value of a labelled candidate; none where the value is code, text or a path. */
export function stylesFor({ candidate, label }: Pick<LabelledCandidate, 'candidate' | 'label'>): readonly Style[] {
  const f = features(candidate);
  const { value, context, name, placeholder } = f;
  if (candidate.syntax === 'provider' || candidate.line !== candidate.endLine || context.bareInCode) return [];
  if (value.spaces > 0 || value.length > 100 || value.length < 4 || context.goesOn || context.isTemplate) return [];
  const isMachine = MACHINE.has(value.kind) || (value.kind === 'other' && value.rarity >= 5.5 && value.length >= 12);
  const isTyped = !isMachine && TYPED.has(value.kind) && value.length <= 32;
  if (!isMachine && !isTyped) return [];
  const own: Style = isMachine ? 'random' : 'human';
  if (label === 'secret') return isMachine ? ['random', 'human'] : ['human', 'random'];
  // A placeholder that says so is none any more with another value.
  if (label === 'placeholder' && (placeholder.word || placeholder.monotonous || placeholder.likeName)) return [];
  const isCredential = CREDENTIAL_KINDS.has(name.kind) && !name.describes && !name.harmless && !name.noCredential;
  // Behind a name that says password, a value as people choose them would be one: only what stood there may stay alike.
  if (isCredential) return own === 'random' ? ['random'] : [];
  return own === 'random' ? ['random', 'human'] : ['human', 'random'];
}

function copyOf(input: {
  file: LabelledFile;
  base: Base;
  style: Style;
  seed: string;
  round: number;
  words: readonly string[];
}): DataRecord | undefined {
  const { file, base, style, seed, round, words } = input;
  const { candidate, label, category } = base.found;
  const random = randomOf(`${seed}:augmented:${base.id}`);
  const quoted = /["'`]/.test(file.text[candidate.start - 1] ?? '');
  const value = replacement({ value: candidate.value, style, random, mild: !quoted, words });
  if (value === candidate.value) return undefined;
  const near = windowOf(file.text, candidate);
  const text = near.before + value + near.after;
  const start = near.before.length;
  const chunk = { ...chunkOf({ path: file.path, text }), firstLine: near.firstLine };
  const found = labelledCandidates({ chunk, places: [] }).find(
    (other) => other.candidate.start < start + value.length && other.candidate.end > start,
  );
  if (!found) return undefined;
  const variant = style === 'human' ? 'human' : 'random';
  const origin = {
    repo: file.repo,
    variant,
    source: 'augmented',
    split: 'train',
    template: `augmented/${base.id}/${round}`,
  } as const;
  const record = recordOf({ candidate: found.candidate, label, labelled: true, category }, origin);
  // Offsets as in the file, so that copies of two lines never share an id.
  const shift = candidate.start - start;
  const { path, repo, source } = record;
  const id = recordId({
    source,
    repo,
    path,
    variant: `${variant}/${round}`,
    start: found.candidate.start + shift,
    end: found.candidate.end + shift,
  });
  return { ...record, id };
}

const LINES = 5;

/** The text round a candidate's line, without the rest of the file. */
function windowOf(text: string, { start, end, line }: Candidate) {
  let from = start;
  let lines = 0;
  for (; lines <= LINES; lines++) {
    const newline = from === 0 ? -1 : text.lastIndexOf('\n', from - 1);
    if (newline < 0) {
      from = 0;
      break;
    }
    from = newline;
  }
  if (from > 0) from++;
  let to = end;
  for (let i = 0; i <= LINES && to < text.length; i++) {
    const newline = text.indexOf('\n', to);
    to = newline < 0 ? text.length : newline + 1;
  }
  const before = text.slice(from, start);
  return { before, after: text.slice(end, to), firstLine: line - (before.split('\n').length - 1) };
}

/** Another value of the style; random ones are of the kind and length that stood there, where it has one. */
function replacement(input: {
  value: string;
  style: Style;
  random: Random;
  mild: boolean;
  words?: readonly string[];
}): string {
  const { value, style, random, mild, words = [] } = input;
  if (style === 'human') return humanPassword(random, { mild, words });
  const length = Math.max(8, value.length);
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)) return token(random, 'uuid');
  if (/^[0-9a-f]+$/.test(value) && /\d/.test(value)) return token(random, 'hex32', length);
  if (/^[0-9A-F]+$/.test(value) && /\d/.test(value)) return token(random, 'hex32', length).toUpperCase();
  if (/^\d+$/.test(value)) return token(random, 'digits', length);
  if (/^[A-Z\d]+$/.test(value)) return token(random, 'upper-digits', length);
  if (/^[a-z\d]+$/.test(value)) return token(random, 'lower-digits', length);
  if (/^[\w-]+$/.test(value) && /[-_]/.test(value)) return token(random, 'base64url', length);
  if (/^[A-Za-z\d]+$/.test(value)) return token(random, 'base62', length);
  if (/^[A-Za-z\d+/]+={0,2}$/.test(value)) return token(random, 'base64', Math.max(6, Math.floor((length * 3) / 4)));
  return mild ? token(random, 'base62', length) : token(random, 'mixed', length);
}
