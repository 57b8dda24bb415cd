import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { recordsOf } from '../../../training/data/candidates.ts';
import type { Place } from '../../../training/data/creddata.ts';
import { type FusionConfig, readFusionConfig } from '../../../training/data/fusion-config.ts';
import type { DataRecord } from '../../../training/data/record.ts';
import { writeSyntheticCorpus } from '../../../training/data/synthetic/corpus.ts';
import { chunkOfText } from '../../../training/data/synthetic/records.ts';

/** A folder that is removed by `afterAll`. */
export function tempFolder(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'sss-data-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** A small generated corpus: nothing of the tests needs real labels. */
export function smallCorpus(dir: string): string {
  writeSyntheticCorpus({ dir, seed: 7, repos: 10, filesPerRepo: 14 });
  return dir;
}

export const fusion: FusionConfig = readFusionConfig(join(import.meta.dirname, '../../../training/config/fusion.yaml'));

const HEAD = 'id,repo,split,path,line_start,line_end,label,value_start,value_end,category,key_kind,predefined_pattern';

/** Writes labelled code by hand. */
export function writeCorpus(dir: string, of: { rows: string[]; excerpts: unknown[] }): void {
  writeFileSync(join(dir, 'labels.csv'), `${[HEAD, ...of.rows].join('\n')}\n`);
  writeFileSync(
    join(dir, 'excerpts.jsonl.gz'),
    gzipSync(`${of.excerpts.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n')}\n`),
  );
}

/** Records of one text, all of whose candidates have `label`; made by the code that makes real ones. */
export function recordsFor(
  text: string,
  of: { label?: Place['label']; path?: string; repo?: string } = {},
): DataRecord[] {
  const { label = 'secret', path = 'src/config.py', repo = 'r1' } = of;
  const end = text.split('\n').length;
  const values = [{ label, span: null, category: 'Password' }];
  const place: Place = { path, start: 1, end, secret: label === 'secret', label, category: 'Password', values };
  const chunk = chunkOfText(path, text);
  return recordsOf({ chunk, places: [place], repo, variant: 'random', source: 'creddata', split: 'train' });
}
