import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordsOf } from '../../../training/data/candidates.ts';
import {
  ContractError,
  chunkOf,
  labelledFiles,
  openSplit,
  PURPOSES,
  type Purpose,
} from '../../../training/data/creddata.ts';
import { SPLITS, type Split } from '../../../training/data/record.ts';
import { smallCorpus, tempFolder, writeCorpus } from './corpus.ts';

const { dir, remove } = tempFolder();
let corpus = '';
beforeAll(() => {
  corpus = smallCorpus(join(dir, 'corpus'));
});
afterAll(remove);

describe('the contract on splits', () => {
  const pairs = Object.keys(PURPOSES).flatMap((purpose) =>
    SPLITS.map((split) => ({ purpose: purpose as Purpose, split, allowed: PURPOSES[purpose as Purpose] === split })),
  );

  it.each(pairs.filter(({ allowed }) => !allowed))('refuses to open $split to $purpose', ({ purpose, split }) => {
    expect(() => openSplit({ creddata: corpus, split, purpose })).toThrow(ContractError);
  });

  it.each(pairs.filter(({ allowed }) => allowed))(
    'opens $split to $purpose, and nothing else',
    ({ purpose, split }) => {
      const opened = openSplit({ creddata: corpus, split, purpose });
      expect(opened.split).toBe(split);
      const others = SPLITS.filter((other) => other !== split).flatMap((other) =>
        openSplit({ creddata: corpus, split: other, purpose: purposeOf(other) }).files.map((file) => file.repo),
      );
      expect(opened.files.filter((file) => others.includes(file.repo))).toEqual([]);
    },
  );

  it('refuses purposes that there are none of, those of every object included', () => {
    for (const purpose of ['tune', 'constructor', '']) {
      expect(() => openSplit({ creddata: corpus, split: 'train', purpose: purpose as Purpose })).toThrow(ContractError);
    }
  });

  it('refuses before anything is read', () => {
    expect(() => openSplit({ creddata: join(dir, 'nowhere'), split: 'test', purpose: 'fit' })).toThrow(ContractError);
  });
});

function purposeOf(split: Split): Purpose {
  return (Object.keys(PURPOSES) as Purpose[]).find((purpose) => PURPOSES[purpose] === split)!;
}

describe('labelled code', () => {
  const row = (path: string, line: string, rest: string) => `1,aa,train,files/aa/${path},${line},${rest},Password,,`;
  const open = (rows: string[], excerpts: unknown[]) => {
    const at = join(dir, 'by-hand');
    mkdirSync(at, { recursive: true });
    writeCorpus(at, { rows, excerpts });
    return openSplit({ creddata: at, split: 'train', purpose: 'fit' });
  };
  const excerpt = { path: 'files/aa/src/a.py', lines: 9, text: { 3: "password = 'Xk9vQ2mLw8'", 5: "pwd = 'y'" } };

  it('keeps every line on its own number, and has other lines in the human variant', () => {
    const split = open([row('src/a.py', '3,3', 'T,12,22')], [{ ...excerpt, human: { 3: "password = 'sunshine12'" } }]);
    const [random] = labelledFiles(split, 'random');
    const [human] = labelledFiles(split, 'human');
    expect(random!.text).toBe("\n\npassword = 'Xk9vQ2mLw8'\n\npwd = 'y'\n");
    expect(human!.text).toBe("\n\npassword = 'sunshine12'\n\npwd = 'y'\n");
    expect(chunkOf(random!).logicalPath).toBe('src/a.py');
  });

  it('labels candidates by what they overlap, and leaves those beside a secret out', () => {
    const line = "password = 'Xk9vQ2mLw8' # token = 'Zt5rB7nPq1'";
    const files = [{ path: 'files/aa/src/a.py', lines: 2, text: { 1: line, 2: "api_key = 'your-key-here'" } }];
    const split = open([row('src/a.py', '1,1', 'T,12,22'), row('src/a.py', '2,2', 'X,11,24')], files);
    const [file] = labelledFiles(split, 'random');
    const records = recordsOf({
      chunk: chunkOf(file!),
      places: file!.places,
      repo: 'aa',
      variant: 'random',
      source: 'creddata',
      split: 'train',
    });
    expect(records.map(({ value, label }) => [value, label])).toEqual([
      ['Xk9vQ2mLw8', 'secret'],
      ['your-key-here', 'placeholder'],
    ]);
  });

  it.each([
    ['a missing column', 'id,repo,split\n1,aa,train\n', /labels\.csv:1: the column path/],
    ['a cut row', `${head()}\n1,aa,train,files/aa/x.py,3\n`, /labels\.csv:2: 5 columns/],
    [
      'an unknown label',
      `${head()}\n1,aa,train,files/aa/x.py,3,3,Q,,,Password,,\n`,
      /labels\.csv:2: unknown label "Q"/,
    ],
    ['an unknown split', `${head()}\n1,aa,trian,files/aa/x.py,3,3,T,,,Password,,\n`, /labels\.csv:2: unknown split/],
    [
      'a line that is no number',
      `${head()}\n1,aa,train,files/aa/x.py,c,3,T,,,Password,,\n`,
      /labels\.csv:2: line_start/,
    ],
    ['a range that runs backwards', `${head()}\n1,aa,train,files/aa/x.py,4,3,T,,,P,,\n`, /labels\.csv:2: lines 4 to 3/],
    ['the path of another repository', `${head()}\n1,aa,train,files/bb/x.py,3,3,T,,,P,,\n`, /labels\.csv:2: the path/],
  ])('says where labels.csv has %s', (_, csv, message) => {
    const at = join(dir, 'damaged');
    mkdirSync(at, { recursive: true });
    writeCorpus(at, { rows: [], excerpts: [excerpt] });
    writeFileSync(join(at, 'labels.csv'), csv);
    expect(() => openSplit({ creddata: at, split: 'train', purpose: 'fit' })).toThrow(message);
  });

  it.each([
    ['broken JSON', [excerpt, '{"path": "files/aa'], /excerpts\.jsonl\.gz:2: not a JSON object/],
    ['lines that are no numbers', [{ ...excerpt, text: { x: 'y' } }], /excerpts\.jsonl\.gz:1: path, text or human/],
    ['nothing of the split', [{ ...excerpt, path: 'files/aa/other.py' }], /no labelled files of the split train/],
  ])('says where excerpts have %s', (_, excerpts, message) => {
    expect(() => open([row('src/a.py', '3,3', 'T,12,22')], excerpts)).toThrow(message);
  });

  it('says that a cut archive is damaged, and that a folder has no labels', () => {
    const at = join(dir, 'cut');
    mkdirSync(at, { recursive: true });
    writeCorpus(at, { rows: [row('src/a.py', '3,3', 'T,12,22')], excerpts: [excerpt] });
    writeFileSync(join(at, 'excerpts.jsonl.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]));
    expect(() => openSplit({ creddata: at, split: 'train', purpose: 'fit' })).toThrow(/excerpts\.jsonl\.gz is damaged/);
    expect(() => openSplit({ creddata: dir, split: 'train', purpose: 'fit' })).toThrow(/labels\.csv is not there/);
  });
});

function head(): string {
  return 'id,repo,split,path,line_start,line_end,label,value_start,value_end,category,key_kind,predefined_pattern';
}
