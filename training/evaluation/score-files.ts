import type { VerdictLogits } from '../../src/classify/stack.ts';
import type { VerdictLabel } from '../../src/types.ts';
import { UserError } from '../../src/util/errors.ts';
import {
  type DataRecord,
  openLineWriter,
  readJsonLines,
  readRecords,
  type Settled,
  type Variant,
} from '../data/record.ts';
import type { Scored, ScoredCandidate, ScoredPlace } from './scored.ts';

/** Records of a source in train.jsonl: all, those that rules and filters settle (not fitted on), and by label. */
export interface SourceCounts extends Record<VerdictLabel, number> {
  source: string;
  records: number;
  settled: number;
}

/** One line of val_calib_logits.jsonl. */
export interface LogitRow {
  id: string;
  gateLogit: number | null;
  placeholder: number | null;
  logits: VerdictLogits | null;
  settled: Settled | null;
  least: number;
}

/**
 * One line of val_calib_labels.jsonl: a candidate in a labelled place, a candidate outside of all (`place` is null), or a
 * place in which no candidate was found (`id` is null). A candidate in two places has two lines.
 */
export interface LabelRow {
  id: string | null;
  place: string | null;
  /** Of the candidate, null beside a secret; of the place where there is no candidate. */
  label: VerdictLabel | null;
  labelled: boolean;
  repo: string;
  variant: Variant;
  category: string;
  uuid: boolean;
  /** Whether the place is a secret; null outside of places. */
  secret: boolean | null;
  /** Category of the place, which is not always that of the candidate. */
  placeCategory: string | null;
  placeUuid: boolean;
  /** `path:line`; null without a candidate. */
  at: string | null;
  language: string;
}

/** Writes both files of a scored split. */
export async function writeScored(input: { scored: Scored; logits: string; labels: string }): Promise<void> {
  const { scored, logits, labels } = input;
  await writeLines(
    logits,
    scored.candidates.map(({ id, gateLogit, placeholder, logits: of, settled, least }): LogitRow => {
      return { id, gateLogit, placeholder, logits: of, settled, least };
    }),
  );
  await writeLines(labels, labelRows(scored));
}

function labelRows({ candidates, places }: Scored): LabelRow[] {
  const byKey = new Map(places.map((place) => [`${place.variant} ${place.key}`, place]));
  const met = new Set<ScoredPlace>();
  const rows = candidates.flatMap((candidate): LabelRow[] => {
    const { id, label, labelled, repo, variant, category, uuid, at, language } = candidate;
    const own = { id, label, labelled, repo, variant, category, uuid, at, language };
    if (candidate.places.length === 0)
      return [{ ...own, place: null, secret: null, placeCategory: null, placeUuid: false }];
    return candidate.places.map((key) => {
      const place = byKey.get(`${variant} ${key}`)!;
      met.add(place);
      return { ...own, place: key, secret: place.secret, placeCategory: place.category, placeUuid: place.uuid };
    });
  });
  const missed = places.filter((place) => !met.has(place));
  return [
    ...rows,
    ...missed.map(
      ({ key, secret, repo, variant, category, uuid, language }): LabelRow => ({
        id: null,
        place: key,
        label: secret ? 'secret' : 'harmless',
        labelled: true,
        repo,
        variant,
        category,
        uuid,
        secret,
        placeCategory: category,
        placeUuid: uuid,
        at: null,
        language,
      }),
    ),
  ];
}

/** Reads what `writeScored` wrote. @throws UserError when the two files do not belong together. */
export async function readScored(input: { logits: string; labels: string }): Promise<Scored> {
  const scores = new Map<string, LogitRow>();
  for await (const { value } of readJsonLines(input.logits)) scores.set((value as LogitRow).id, value as LogitRow);
  const candidates = new Map<string, ScoredCandidate & { places: string[] }>();
  const places = new Map<string, ScoredPlace>();
  for await (const { line, value } of readJsonLines(input.labels)) {
    const row = value as LabelRow;
    const { id, place, repo, variant, language } = row;
    if (place !== null) {
      places.set(`${variant} ${place}`, {
        key: place,
        repo,
        variant,
        secret: row.secret === true,
        category: row.placeCategory ?? '',
        language,
        uuid: row.placeUuid,
      });
    }
    if (id === null) continue;
    const before = candidates.get(id);
    if (before) {
      if (place !== null) before.places.push(place);
      continue;
    }
    const score = scores.get(id);
    if (!score)
      throw new UserError(`${input.labels}:${line}: there are no logits of ${id} in ${input.logits}`, {
        hint: 'the two files are written together: run export_calib_logits again',
      });
    const { label, labelled, category, uuid, at } = row;
    const { gateLogit, placeholder, logits, settled, least } = score;
    candidates.set(id, {
      ...{ id, repo, variant, at: at ?? '', places: place === null ? [] : [place], label, labelled, category },
      ...{ language, uuid, gateLogit, placeholder, logits, settled, least },
    });
  }
  return { candidates: [...candidates.values()], places: [...places.values()] };
}

/**
 * The labelled code of train with out-of-fold logits of the gate, and those of the language model where it was held out.
 * Places are the lines of the records: a labelled place without a candidate is not in the records.
 *
 * @returns all of it; the language model's held-out fold; and how many records of which source were fitted on
 */
export async function readTrainScored(input: {
  records: string;
  oof: string;
  held: string | undefined;
  heldFold: number;
}): Promise<{ all: Scored; held: Scored; sources: SourceCounts[] }> {
  const gate = new Map<string, number>();
  for await (const { value } of readJsonLines(input.oof)) {
    const { id, logit } = value as { id: string; logit: number };
    gate.set(id, logit);
  }
  const model = new Map<string, VerdictLogits>();
  if (input.held !== undefined) {
    for await (const { value } of readJsonLines(input.held)) {
      const { id, logits } = value as { id: string; logits: VerdictLogits };
      model.set(id, logits);
    }
  }
  const candidates: ScoredCandidate[] = [];
  const heldRepos = new Set<string>();
  const places = new Map<string, ScoredPlace>();
  const sources = new Map<string, SourceCounts>();
  for await (const record of readRecords(input.records)) {
    count(sources, record);
    const { id, repo, variant, label, labelled, category, language, settled } = record;
    if (record.source !== 'creddata') continue;
    if (record.fold === input.heldFold) heldRepos.add(repo);
    const at = `files/${repo}/${record.path}:${record.line}`;
    const key = `${at}:${record.endLine}`;
    const uuid = record.rule === 'generic-uuid' || UUID.test(record.value);
    if (labelled) {
      const place = places.get(`${variant} ${key}`);
      places.set(`${variant} ${key}`, {
        ...{ key, repo, variant, language },
        secret: label === 'secret' || (place?.secret ?? false),
        category: place?.secret ? place.category : category,
        uuid: uuid || (place?.uuid ?? false),
      });
    }
    // What was settled or left out of the fit has no out-of-fold logit; unsettled, it counts as not found.
    const gateLogit = settled ? null : (gate.get(id) ?? null);
    candidates.push({
      ...{ id, repo, variant, at, places: labelled ? [key] : [], label, labelled, category, language, uuid },
      ...{ gateLogit, placeholder: null, logits: model.get(id) ?? null, settled },
      // The policy reads features that records do not keep; without it train is judged a little more harshly.
      least: 0,
    });
  }
  const all = { candidates, places: [...places.values()] };
  const isHeld = (of: { repo: string }) => heldRepos.has(of.repo);
  return {
    all,
    held: { candidates: candidates.filter(isHeld), places: all.places.filter(isHeld) },
    sources: [...sources.values()],
  };
}

function count(sources: Map<string, SourceCounts>, { source, label, settled }: DataRecord): void {
  const none = { source, records: 0, settled: 0, secret: 0, placeholder: 0, harmless: 0 };
  const of = sources.get(source) ?? none;
  sources.set(source, of);
  of.records++;
  of[label]++;
  if (settled) of.settled++;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Writes objects as JSON lines; the file appears when it is whole. */
export async function writeLines(path: string, rows: readonly unknown[]): Promise<void> {
  const writer = await openLineWriter(path);
  try {
    for (const row of rows) await writer.write(JSON.stringify(row));
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
