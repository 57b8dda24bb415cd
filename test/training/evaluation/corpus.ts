import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A line of made-up labelled code: `text` with what stands for the value in it, and its label. */
interface Line {
  text: string;
  value: string;
  label: 'T' | 'F' | 'X';
  category: string;
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Numbers from 0 to 1 that are the same on every run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function token(next: () => number, length: number): string {
  return Array.from({ length }, () => letters[Math.floor(next() * letters.length)]).join('');
}

function lineOf(next: () => number): Line {
  const words = ['river', 'stone', 'maple', 'harbor', 'winter', 'copper'];
  const word = words[Math.floor(next() * words.length)]!;
  const kind = Math.floor(next() * 5);
  // Labels are not told by the shape of the value alone.
  if (kind === 2 && next() < 0.4) {
    const value = token(next, 16);
    return { text: `token = "${value}"`, value, label: 'F', category: 'Token' };
  }
  const value = kind < 2 ? token(next, 12 + kind * 8) : kind === 2 ? `${word}Name` : kind === 3 ? word : `your${word}`;
  if (kind === 0) return { text: `password = "${value}"`, value, label: 'T', category: 'Password' };
  if (kind === 1) return { text: `api_key = "${value}"`, value, label: 'T', category: 'API:Key' };
  if (kind === 2) return { text: `token = "${value}"`, value, label: 'F', category: 'Token' };
  if (kind === 3) return { text: `secret = "${value}"`, value, label: 'F', category: 'Secret' };
  return { text: `password = "${value}"`, value, label: 'X', category: 'Password' };
}

/** Writes labels.csv and excerpts.jsonl.gz of made-up code: `repos` repositories in each split, with 12 lines each. */
export function writeCorpus(dir: string, repos = 8): void {
  mkdirSync(dir, { recursive: true });
  const next = random(7);
  const labels = [
    'id,repo,split,path,line_start,line_end,label,value_start,value_end,category,key_kind,predefined_pattern',
  ];
  const excerpts: string[] = [];
  let id = 0;
  for (const split of ['train', 'calib', 'test']) {
    for (let r = 0; r < repos; r++) {
      const repo = `${split}${String(r).padStart(3, '0')}`;
      const path = `files/${repo}/src/config.py`;
      const text: Record<string, string> = {};
      const human: Record<string, string> = {};
      for (let i = 0; i < 12; i++) {
        const { text: line, value, label, category } = lineOf(next);
        const n = 2 * i + 1;
        text[n] = line;
        if (label === 'T' && category === 'Password') human[n] = line.replace(value, `Maple${value.slice(0, 4)}77`);
        const start = line.indexOf(value);
        const span = label === 'T' ? [start, start + value.length] : ['', ''];
        labels.push([id++, repo, split, path, n, n, label, ...span, category, '', ''].join(','));
      }
      text[26] = `secret_token = "${token(next, 16)}"`;
      excerpts.push(JSON.stringify({ path, lines: 26, text, human }));
    }
  }
  writeFileSync(join(dir, 'labels.csv'), `${labels.join('\n')}\n`);
  writeFileSync(join(dir, 'excerpts.jsonl.gz'), gzipSync(`${excerpts.join('\n')}\n`));
}
