import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeWithFolders } from '../../../src/util/write-whole.ts';
import { type Random, randomOf } from '../random.ts';
import { FOLDS, foldOf, type Split } from '../record.ts';
import { everyTemplate, placeOf } from './records.ts';
import { fillTemplate, type Snippet, type Template } from './template.ts';
import { humanPassword, token } from './values.ts';

const LETTER = { secret: 'T', placeholder: 'X', harmless: 'F' } as const;

/**
 * Writes a corpus of generated repositories under `dir` in the format of the labelled code (labels.csv, repos.csv,
 * excerpts.jsonl.gz), so that everything that reads that reads this. The same seed gives the same bytes.
 *
 * Every repository uses some of the templates; a template is used in one split and, in train, in one fold only. Generated
 * records of the fusion know all templates, though: results on this corpus show that the pipeline works, not how well. In the human variant passwords are made of words, in the random one of random characters of the same
 * length; labels with a span are as rare among the harmless as in the real corpus.
 */
export function writeSyntheticCorpus(input: {
  dir: string;
  seed: number;
  /** Repositories; one in seven is for calibration, two in seven for reporting. */
  repos?: number;
  filesPerRepo?: number;
}): { repos: number; files: number; labels: number } {
  const { dir, seed, repos = 42, filesPerRepo = 24 } = input;
  const labels = [
    'id,repo,split,path,line_start,line_end,label,value_start,value_end,category,key_kind,predefined_pattern',
  ];
  const list = ['repo,split,source,commit'];
  const excerpts: string[] = [];
  const bySplit = templatesBySplit();
  for (let i = 0; i < repos; i++) {
    const random = randomOf(`${seed}:repository ${i}`);
    const split = splitOf(i);
    const repo = random.text('0123456789abcdef', 8);
    // Folds are those of the repositories: what is fitted on four of them has not seen the templates of the fifth.
    const ofFold = bySplit[split].filter((_, n) => split !== 'train' || n % FOLDS === foldOf(repo));
    const half = ofFold.filter(() => random.chance(0.6));
    const templates = half.length > 0 ? half : ofFold;
    list.push(`${repo},${split},generated/${i},${random.text('0123456789abcdef', 40)}`);
    const taken = new Set<string>();
    for (let n = 0; n < filesPerRepo; n++) {
      const snippet = fillTemplate(random.pick(templates), random);
      const path = `files/${repo}/${snippet.path}`;
      if (taken.has(path)) continue;
      taken.add(path);
      const { line, row } = fileOf({ snippet, path, random });
      excerpts.push(line);
      labels.push(`${labels.length},${repo},${split},${row}`);
    }
  }
  mkdirSync(dir, { recursive: true });
  writeWithFolders(join(dir, 'labels.csv'), `${labels.join('\n')}\n`, { mode: 0o600 });
  writeWithFolders(join(dir, 'repos.csv'), `${list.join('\n')}\n`, { mode: 0o600 });
  writeWithFolders(join(dir, 'excerpts.jsonl.gz'), gzipSync(`${excerpts.sort().join('\n')}\n`, { level: 9 }), {
    mode: 0o600,
  });
  return { repos, files: excerpts.length, labels: labels.length - 1 };
}

function splitOf(i: number): Split {
  return i % 7 === 3 ? 'calib' : i % 7 >= 5 ? 'test' : 'train';
}

/** Templates dealt out to the splits, every label to each. */
function templatesBySplit(): Record<Split, Template[]> {
  const dealt: Record<Split, Template[]> = { train: [], calib: [], test: [] };
  everyTemplate().forEach((template, i) => {
    dealt[splitOf(i)].push(template);
  });
  return dealt;
}

/** The excerpt of a file that holds one snippet, and its label's row without id, repository and split. */
function fileOf(input: { snippet: Snippet; path: string; random: Random }): { line: string; row: string } {
  const { snippet, path, random } = input;
  const place = placeOf(snippet);
  const top = 1 + random.int(60);
  const value = snippet.text.slice(snippet.start, snippet.end);
  const isHuman = snippet.label === 'secret' && /^(?=.*[A-Za-z])[A-Za-z\d!@#$%*?+_.^-]{4,16}$/.test(value);
  // As in the real corpus: what a person chose is random characters of the same length in the random variant.
  const random1 = isHuman ? randomLike(value, random) : value;
  const human = isHuman && random.chance(0.6) ? humanOf(value.length, random) : value;
  const text: Record<string, string> = {};
  const differing: Record<string, string> = {};
  const lines = (inside: string) =>
    (snippet.text.slice(0, snippet.start) + inside + snippet.text.slice(snippet.end)).trimEnd().split('\n');
  const humanLines = lines(human);
  lines(random1).forEach((line, i) => {
    text[top + i] = line;
    if (humanLines[i] !== line) differing[top + i] = humanLines[i]!;
  });
  const at = top + place.start - 1;
  const [start, end] = place.values[0]!.span!;
  const withSpan = snippet.label !== 'harmless' || random.chance(0.25);
  const category = /pass/i.test(snippet.text) ? 'Password' : /token/i.test(snippet.text) ? 'Token' : 'Key';
  const row = [path, at, at, LETTER[snippet.label], withSpan ? start : '', withSpan ? end : '', category, '', ''].join(
    ',',
  );
  const excerpt = { path, lines: top + 20, text, ...(Object.keys(differing).length > 0 ? { human: differing } : {}) };
  return { line: JSON.stringify(excerpt), row };
}

function randomLike(value: string, random: Random): string {
  return token(random, 'base62', value.length);
}

/** A password of people with exactly `length` characters, or random ones when none comes up. */
function humanOf(length: number, random: Random): string {
  for (let i = 0; i < 200; i++) {
    const made = humanPassword(random, { mild: true });
    if (made.length === length) return made;
  }
  return token(random, 'lower-digits', length);
}
