import { FEATURE_NAMES } from '../../src/features/vector.ts';
import { labelledCandidates } from './candidates.ts';
import { lot } from './random.ts';
import type { DataRecord } from './record.ts';
import { chunkOfText } from './synthetic/records.ts';

/** Smallest and largest number of a column, on both sides of a question. */
interface Ranges {
  yes: [number, number][];
  no: [number, number][];
  count: [yes: number, no: number];
}

const QUESTIONS: Readonly<Record<string, (record: DataRecord) => boolean>> = {
  'whether it is a secret': (record) => record.label === 'secret',
  'whether a label covers it': (record) => record.labelled,
};
/** Below this many records on a side, a perfect split says nothing. */
const ENOUGH = 50;

/**
 * Looks for what a model could learn the labels from without looking at code: a feature that alone answers whether a
 * record is labelled or secret, and values that were cut out by their labels instead of by the scanner. The latter is
 * told by how often the scanner finds the very value again in the record's own line, for secrets and for the rest.
 */
export function createLeakCheck() {
  const ranges = new Map<string, Ranges>(
    Object.keys(QUESTIONS).map((question) => [question, { yes: [], no: [], count: [0, 0] }]),
  );
  const sample: Record<'secret' | 'other', { lot: number; record: DataRecord }[]> = { secret: [], other: [] };
  return {
    add(record: DataRecord): void {
      if (record.source !== 'creddata') return;
      for (const [question, is] of Object.entries(QUESTIONS)) {
        const of = ranges.get(question)!;
        const yes = is(record);
        of.count[yes ? 0 : 1]++;
        const side = yes ? of.yes : of.no;
        for (let j = 0; j < record.x.length; j++) {
          const range = (side[j] ??= [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
          const v = record.x[j]!;
          if (v < range[0]) range[0] = v;
          if (v > range[1]) range[1] = v;
        }
      }
      if (record.labelled && record.line === record.endLine)
        keep(sample[record.label === 'secret' ? 'secret' : 'other'], record);
    },
    /** Columns that answer a question alone, in words. */
    columns(): string[] {
      return [...ranges].flatMap(([question, { yes, no, count }]) =>
        Math.min(...count) < ENOUGH
          ? []
          : yes.flatMap((range, j) =>
              range[0] > no[j]![1] || range[1] < no[j]![0]
                ? [`x[${j}] (${FEATURE_NAMES[j] ?? 'unknown'}) alone tells ${question}`]
                : [],
            ),
      );
    },
    /** Of a sample, the share of the values that the scanner finds in the record's own line; undefined for too few. */
    found(): { secret: number; other: number } | undefined {
      if (Math.min(sample.secret.length, sample.other.length) < ENOUGH) return undefined;
      return { secret: foundAgain(sample.secret), other: foundAgain(sample.other) };
    },
  };
}

const SAMPLE = 300;

/** The `SAMPLE` records of the lowest lots: a fixed sample that does not depend on order. */
function keep(sample: { lot: number; record: DataRecord }[], record: DataRecord): void {
  const own = lot(`sample:${record.id}`);
  if (sample.length >= SAMPLE && own >= sample.at(-1)!.lot) return;
  const at = sample.findIndex((other) => other.lot > own);
  sample.splice(at < 0 ? sample.length : at, 0, { lot: own, record });
  if (sample.length > SAMPLE) sample.pop();
}

function foundAgain(sample: readonly { record: DataRecord }[]): number {
  const hits = sample.filter(({ record }) =>
    labelledCandidates({ chunk: chunkOfText(record.path, record.text), places: [] }).some(
      ({ candidate }) => candidate.start === record.span[0] && candidate.end === record.span[1],
    ),
  );
  return hits.length / sample.length;
}
