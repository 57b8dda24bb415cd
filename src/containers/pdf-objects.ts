import { type Budget, bomb, isDamage, mostUnpacked, Refusal, tooMuch } from './limits.ts';
import { filtersOf, obstacleOf, TooLong, unpacked } from './pdf-filters.ts';

export interface PdfObject {
  number: number;
  /** The source of the object, of a stream what stands before its data; latin1. */
  dictionary: string;
  hasStream: boolean;
  /** The data of a stream, as it is in the file. */
  raw: Buffer;
}

export interface Pdf {
  /** By number; of an object with several versions the last one, as readers have it. */
  objects: ReadonlyMap<number, PdfObject>;
  trailers: readonly string[];
  encrypted: boolean;
  /** What is wrong with the file, if anything. */
  problem: string | undefined;
  /** The data of a stream, unpacked; undefined when it is a picture, or packed in an unknown way. @throws Refusal at a bound */
  dataOf(object: PdfObject): Buffer | undefined;
}

const LONGEST_TRAILER = 8192;
const OBJECT = /(?<!\d)(\d{1,9})[ \t\r\n]{1,3}\d{1,5}[ \t\r\n]{1,3}obj\b/g;
/** The end of what stands before the data of a stream, or of an object that is none. */
const END = /\bstream(?:\r\n|\n|\r)|\bendobj\b/g;

/** Finds the objects of a PDF file by reading it from its start: tables of places may be wrong or missing. */
export function openPdf(bytes: Buffer, budget: Budget): Pdf {
  const source = bytes.toString('latin1');
  const objects = new Map<number, PdfObject>();
  const problems = new Set<string>();
  const put = (object: PdfObject) => {
    // Taken out first: a later version has the later place.
    objects.delete(object.number);
    objects.set(object.number, object);
  };

  for (let at = 0; ; ) {
    OBJECT.lastIndex = at;
    const start = OBJECT.exec(source);
    if (!start) break;
    END.lastIndex = OBJECT.lastIndex;
    const end = END.exec(source);
    const number = Number(start[1]);
    const dictionary = source.slice(OBJECT.lastIndex, end?.index ?? source.length);
    if (!end) {
      problems.add('cut off: only what comes before was looked at');
      put({ number, dictionary, hasStream: false, raw: Buffer.alloc(0) });
      break;
    }
    const hasStream = end[0] !== 'endobj';
    let after = END.lastIndex;
    let raw = Buffer.alloc(0);
    if (hasStream) {
      const dataEnd = endOfData(source, { from: END.lastIndex, dictionary });
      if (dataEnd < 0) problems.add('cut off: only what comes before was looked at');
      after = dataEnd < 0 ? source.length : dataEnd;
      raw = bytes.subarray(END.lastIndex, after) as Buffer<ArrayBuffer>;
    }
    put({ number, dictionary, hasStream, raw });
    at = after;
  }

  function dataOf({ dictionary, raw }: PdfObject): Buffer | undefined {
    const filters = filtersOf(dictionary, (number) => objects.get(number)?.dictionary ?? '');
    const obstacle = obstacleOf(filters);
    if (obstacle === 'picture') return undefined;
    if (obstacle) {
      const what =
        obstacle.unsupported === 'Crypt'
          ? 'encrypted'
          : `packed in a way that is not supported (${obstacle.unsupported})`;
      problems.add(`has streams that are ${what}: they were not looked at`);
      return undefined;
    }
    const most = mostUnpacked(raw.length);
    let data = raw;
    for (const filter of filters) {
      const limit = Math.max(1, Math.min(most, budget.memberLimit, budget.left));
      try {
        data = unpacked(filter, { data, limit });
        budget.unpack(data.length);
      } catch (error) {
        if (error instanceof TooLong) {
          if (limit === budget.left) throw tooMuch();
          problems.add(limit === most ? bomb().message : `has a stream that is ${budget.tooLarge}`);
        } else if (error instanceof Refusal && !error.everything) problems.add(error.message);
        else if (isDamage(error)) problems.add('damaged: has streams that cannot be unpacked');
        else throw error;
        return undefined;
      }
    }
    return data;
  }

  for (const object of [...objects.values()]) {
    if (!/\/Type\s*\/ObjStm\b/.test(object.dictionary)) continue;
    for (const inner of objectsIn(object.dictionary, dataOf(object))) if (!objects.has(inner.number)) put(inner);
  }
  // A trailer that is a stream of its own has its keys in the dictionary of that.
  const references = [...objects.values()].map((o) => o.dictionary).filter((text) => /\/Type\s*\/XRef\b/.test(text));
  const trailers = trailersIn(source);
  return {
    objects,
    trailers,
    encrypted: [...trailers, ...references].some((text) => /\/Encrypt\b/.test(text)),
    get problem() {
      return problems.size === 0 ? undefined : [...problems].join('; ');
    },
    dataOf,
  };
}

/** What stands behind each `trailer`, as far as it can be long. */
function trailersIn(source: string): string[] {
  const found: string[] = [];
  for (let at = source.indexOf('trailer'); at >= 0; ) {
    const end = Math.min(at + LONGEST_TRAILER, source.length);
    const text = source.slice(at + 'trailer'.length, end);
    const stop = text.indexOf('startxref');
    found.push(stop < 0 ? text : text.slice(0, stop));
    at = source.indexOf('trailer', stop < 0 ? end : at + 'trailer'.length + stop);
  }
  return found;
}

/** Where the data of a stream ends: where its length says, if that is so, else at the next end; -1: nowhere. */
function endOfData(source: string, { from, dictionary }: { from: number; dictionary: string }): number {
  const told = Number(/\/Length\s+(\d{1,12})(?!\s+\d+\s+R)/.exec(dictionary)?.[1] ?? Number.NaN);
  if (Number.isFinite(told) && /^\s{0,4}endstream/.test(source.slice(from + told, from + told + 16)))
    return from + told;
  return source.indexOf('endstream', from);
}

/** The objects in a stream of objects: pairs of number and place, then the objects. */
function* objectsIn(dictionary: string, data: Buffer | undefined): Generator<PdfObject, void> {
  const first = Number(/\/First\s+(\d{1,9})/.exec(dictionary)?.[1] ?? Number.NaN);
  if (!data || !(first <= data.length)) return;
  const numbers =
    data
      .toString('latin1', 0, first)
      .match(/\d{1,9}/g)
      ?.map(Number) ?? [];
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const start = first + numbers[i + 1]!;
    const end = i + 3 < numbers.length ? first + numbers[i + 3]! : data.length;
    if (end < start) throw new Refusal('damaged: a list of objects in it is out of order');
    yield {
      number: numbers[i]!,
      dictionary: data.toString('latin1', start, end),
      hasStream: false,
      raw: Buffer.alloc(0),
    };
  }
}
