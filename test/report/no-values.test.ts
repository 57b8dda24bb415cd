import { describe, expect, it } from 'vitest';
import { buildFinding, mergeFindings } from '../../src/findings/build.ts';
import { formats, render } from '../../src/report/index.ts';
import type { Candidate, Finding, Origin } from '../../src/types.ts';
import { candidateOf, chunkOf, findingOf, passwordRule, reportOf, tokenRule, verdict } from './sample.ts';

/** A small generator of random numbers (mulberry32): the same seed gives the same cases everywhere. */
function randomFrom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  return { below, pick, chance: (p: number) => next() < p };
}
type Random = ReturnType<typeof randomFrom>;

const ALPHABETS: readonly (readonly string[])[] = [
  [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'],
  [...'0123456789abcdef'],
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='],
  [...'abcXYZ019"\'`\\%&<>;:,#$?!|{}[]()=+-@^~ '],
  ['%41', '%2f', '\\u0041', '\\n', '&amp;', '&#65;', '\\\\', '%', 'q', '7'],
  [...'żółćęśąźñßøλдж漢字語', '😀', 'Z', '5'],
  ['\t', ' ', 'a', 'b', '7', '\u00a0'],
  ['\n', '\r\n', 'K', 'e', '9', '/', '+'],
  ['\u001b[31m', '\u202e', '\u200b', '\u0007', 'x', 'y', '3', '\ufeff'],
  ['*', 'a', 'b', '1'],
  ['src', '/', '.', 'app', '-', '_', '12', 'x9'],
  ['=', '+', '-', '@', 'cmd', '9', ','],
];

const HEADER = '-----BEGIN RSA PRIVATE KEY-----';

function valueFrom(random: Random): string {
  const alphabet = random.pick(ALPHABETS);
  const prefix = random.chance(0.15) ? 'ghp_' : random.chance(0.1) ? `${HEADER}\n` : '';
  const length = 4 + random.below(random.chance(0.2) ? 300 : 30);
  let value = prefix;
  while (value.length < length) value += random.pick(alphabet);
  return value;
}

const html = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
const spellings: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => JSON.stringify(value).slice(1, -1),
  html,
  (value) => html(value).replaceAll("'", '&#39;'),
  encodeURIComponent,
  (value) => encodeURIComponent(value).replaceAll('%20', '+'),
  (value) => Buffer.from(value).toString('base64'),
  (value) => Buffer.from(value).toString('base64url'),
  (value) => Buffer.from(value).toString('hex'),
  (value) => value.replace(/./gsu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`),
];

/** A text with values in it, some repeated, some inside others, some spelled in another way; and a candidate for each. */
function candidatesFrom(random: Random): Candidate[] {
  const values = Array.from({ length: 1 + random.below(4) }, () => valueFrom(random));
  if (random.chance(0.3)) values.push(`${values[0]}${valueFrom(random)}`);
  let text = random.chance(0.5) ? '' : 'first line\n';
  const spans: [start: number, end: number][] = [];
  for (const value of values) {
    text += random.pick([
      'key = "',
      "  password: '",
      '\tx(',
      'https://me:',
      '<a b="',
      '{"k": "',
      `${'pad '.repeat(60)}"`,
    ]);
    spans.push([text.length, text.length + value.length]);
    text += value + random.pick(['"', "',", '@host/', '\n', '" // ', ' ', `" ${'tail '.repeat(80)}`]);
    if (random.chance(0.4)) text += ` again ${random.pick(values)} `;
    if (random.chance(0.4)) text += ` spelled ${random.pick(spellings)(random.pick(values))}`;
    if (random.chance(0.3)) text += ` in base64 ${Buffer.from(`user:${random.pick(values)}@`).toString('base64')} `;
    if (random.chance(0.3)) text += '\n';
  }
  // The first value stands inside the last one, when there is one made of it.
  if (values.at(-1)!.startsWith(values[0]!) && values.length > 1) {
    const start = spans.at(-1)![0];
    spans.push([start, start + values[0]!.length]);
  }
  // Plain words stay in paths: a file called `password.txt` is named as it is.
  const inPath = random.pick(values);
  const path =
    random.chance(0.3) && /[^\p{L}\p{M}\s._/\\-]/u.test(inPath) && inPath.length >= 6 ? `a/${inPath}.txt` : 'a/b.txt';
  const origin = random.pick<Origin>([
    { kind: 'file' },
    { kind: 'staged', blob: 'b' },
    { kind: 'history', blob: 'b' },
    { kind: 'message', of: 'tag', object: 'c' },
  ]);
  const chunk = chunkOf(text, { path, origin });
  return spans.map((value) =>
    candidateOf({
      chunk,
      value,
      rule: random.pick([tokenRule, passwordRule]),
      ...(random.chance(0.7) ? { name: random.pick(['token', `my_${random.pick(values)}`, random.pick(values)]) } : {}),
    }),
  );
}

async function renderAll(findings: readonly Finding[]): Promise<string> {
  const report = reportOf(findings, {
    skipped: [
      { path: 'locked\nfile', reason: 'permission denied', kind: 'error' },
      { path: 'big', reason: 'larger than 10 MB', kind: 'policy' },
    ],
    interrupted: true,
  });
  const outputs: string[] = [];
  for (const format of formats) {
    for (const command of format === 'text' ? (['pre-commit', 'scan'] as const) : (['scan'] as const)) {
      outputs.push(await render(format, report, { command, width: 200, color: format === 'text', cwd: '/w' }));
    }
  }
  // Fingerprints are random characters, which may spell a short value by chance.
  return outputs.join('\n').replace(/\b[0-9a-f]{32}\b/g, 'fingerprint');
}

/**
 * What may not be in an output: the value, and the longer lines of one that has several, in every common spelling. (A value
 * of nothing but short lines is not looked for as it is: `e`, line end, `x1` may stand at a line end of any report.)
 */
function formsOf(value: string): string[] {
  const longer = value.split(/\r?\n/).filter((line) => line.length >= 8);
  const parts = value.includes('\n') && longer.length === 0 ? [] : [value, ...longer];
  // Every private key starts like this: it says nothing.
  return parts.filter((part) => part.trim() !== HEADER).flatMap((part) => spellings.map((spell) => spell(part)));
}

/** Everything but values: the texts of the scanner, and of the templates above. */
async function fixedTexts(): Promise<string> {
  const value = '\u00a7'.repeat(20);
  const rules = [tokenRule, passwordRule];
  const findings = rules.map((rule) =>
    findingOf({ text: `first line\nx again in base64 spelled my_ "${value}"`, value, rule }),
  );
  return `${await renderAll(findings)} ${'pad '.repeat(60)} ${'tail '.repeat(80)}${HEADER} ******** `;
}

describe('no format shows a value', () => {
  it('for random values in random texts', { timeout: 60_000 }, async () => {
    const fixed = await fixedTexts();
    let checked = 0;
    for (let seed = 1; seed <= 250; seed++) {
      const random = randomFrom(seed);
      const candidates = candidatesFrom(random);
      const built = candidates.map((candidate) =>
        buildFinding({ candidate, verdict, others: candidates, show: false }),
      );
      const output = await renderAll(random.chance(0.5) ? mergeFindings(built) : built);
      for (const { value } of candidates) {
        for (const form of formsOf(value)) {
          if (fixed.includes(form)) continue;
          checked++;
          if (output.includes(form))
            expect.fail(`seed ${seed}: ${JSON.stringify(form)} of ${JSON.stringify(value)} is shown`);
        }
      }
    }
    expect(checked).toBeGreaterThan(5000);
  });

  it('unless asked to', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const candidates = candidatesFrom(randomFrom(seed));
      const findings = candidates.map((candidate) =>
        buildFinding({ candidate, verdict, others: candidates, show: true }),
      );
      const { findings: read } = JSON.parse(await render('json', reportOf(findings)));
      expect(read.map((finding: Finding) => finding.secret)).toEqual(candidates.map((candidate) => candidate.value));
    }
    const value = 'pa$$ "w0rd" %41';
    const shown = findingOf({ text: `password = ${value}`, value, show: true });
    expect(await render('text', reportOf([shown]))).toContain(`password = ${value}\n`);
  });
});
