import { hash, pbkdf2Sync } from 'node:crypto';
import { join } from 'node:path';
import type { Answers } from '../llm/index.ts';
import type { Opinion, VerdictLabel } from '../types.ts';
import { readRecords, writeContent } from './file.ts';
import { cacheFolder, openFolder, reasonOf } from './folder.ts';
import { dayOf, readDay, writeDay } from './record.ts';
import { KEY_BYTES, recordTable } from './table.ts';

/** Behind the hash of the question the day on which it was last asked, the label, and three probabilities. */
const DAY_AT = KEY_BYTES;
const LABEL_AT = DAY_AT + 2;
const WEIGHTS_AT = LABEL_AT + 2;
const RECORD_BYTES = WEIGHTS_AT + 12;
const LABELS: readonly VerdictLabel[] = ['secret', 'placeholder', 'harmless'];
/** What was asked by no run for so many days is forgotten. */
const MOST_DAYS = 30;
const MOST_ANSWERS = 200_000;
/** Makes it slow to find out, of somebody who has the file, what may have been asked. */
const ITERATIONS = 1000;
const KEY = Buffer.from(hash('sha256', 'sss-answers-v1'), 'hex');
const NAME = `${hash('sha256', 'answers').slice(0, 32)}-answers.sss`;

/** What large language models have answered, from run to run. */
export interface KeptAnswers {
  /** Absent: nothing can be kept. */
  answers?: Answers;
  /** Keeps what is new, together with what other runs have kept meanwhile. */
  save(): void;
  /** What the user should know: why nothing is kept. */
  notes(): string[];
}

/**
 * Opens what earlier runs were answered: of a question a stretched hash, of an answer its numbers, and no text. Nothing here
 * fails: without it all is asked again.
 * @param input.now milliseconds of the clock
 */
export function openAnswers(input: { folder?: string | undefined; now?: () => number } = {}): KeptAnswers {
  const { folder = cacheFolder(), now = Date.now } = input;
  const problem = folder === undefined ? 'there is no home' : openFolder(folder);
  const notes: string[] = [];
  if (folder === undefined || problem !== undefined) {
    notes.push(nothingKept(folder, problem!));
    return { save: () => undefined, notes: () => notes };
  }
  const content = { key: KEY, root: folder, recordBytes: RECORD_BYTES };
  const file = join(folder, NAME);
  const before = recordTable(RECORD_BYTES, readRecords(file, content));
  const fresh = recordTable(RECORD_BYTES);
  const today = dayOf(now());
  const write = (key: Buffer, { label, probabilities }: Opinion) => {
    const at = fresh.place(key);
    writeDay(fresh.bytes, { at: at + DAY_AT, day: today });
    fresh.bytes[at + LABEL_AT] = LABELS.indexOf(label);
    LABELS.forEach((one, i) => void fresh.bytes.writeFloatLE(probabilities[one], at + WEIGHTS_AT + 4 * i));
  };
  return {
    answers: {
      find(question) {
        const key = stretched(question);
        const at = before.find(key);
        const opinion = at < 0 ? undefined : readOpinion(before.bytes, at);
        if (opinion && readDay(before.bytes, at + DAY_AT) !== today) write(key, opinion);
        return opinion;
      },
      add: (question, opinion) => write(stretched(question), opinion),
    },
    save() {
      if (fresh.count === 0) return;
      try {
        writeContent(file, { ...content, records: merged(fresh.bytes, readRecords(file, content), today - MOST_DAYS) });
      } catch (error) {
        notes.push(nothingKept(folder, reasonOf(error)));
      }
    },
    notes: () => notes,
  };
}

function stretched(question: Buffer): Buffer {
  return pbkdf2Sync(question, 'sss-answer-v1', ITERATIONS, KEY_BYTES, 'sha256');
}

/** Undefined: these are no numbers of an answer. */
function readOpinion(bytes: Buffer, at: number): Opinion | undefined {
  const label = LABELS[bytes[at + LABEL_AT]!];
  const [secret, placeholder, harmless] = LABELS.map((_, i) => bytes.readFloatLE(at + WEIGHTS_AT + 4 * i));
  const sum = secret! + placeholder! + harmless!;
  if (!label || !(Math.abs(sum - 1) < 0.01)) return undefined;
  return { label, probabilities: { secret: secret!, placeholder: placeholder!, harmless: harmless! } };
}

/** The newest first, what is older than `oldest` left out. */
function merged(fresh: Buffer, others: Buffer, oldest: number): Buffer {
  const all = recordTable(RECORD_BYTES, Buffer.from(fresh));
  for (let at = 0; at < others.length && all.count < MOST_ANSWERS; at += RECORD_BYTES) {
    const record = others.subarray(at, at + RECORD_BYTES);
    if (readDay(record, DAY_AT) < oldest || all.find(record) >= 0) continue;
    const place = all.place(record);
    record.copy(all.bytes, place);
  }
  return Buffer.from(all.bytes);
}

function nothingKept(folder: string | undefined, reason: string): string {
  const where = folder === undefined ? '' : ` in ${folder}`;
  return `the answers of the judge cannot be kept${where} (${reason}): SSS_CACHE_DIR names another folder, --no-cache goes without`;
}
