import { buildFinding } from '../../src/findings/build.ts';
import { fillExample } from '../../src/rules/examples.ts';
import type { Candidate, Finding, Origin, Report, Rule, TextChunk, Verdict } from '../../src/types.ts';

/** A value that looks like a live token, put together here. */
export const TOKEN = fillExample('ghp_{{alnum:36}}');
export const PASSWORD = fillExample('{{[a-z0-9#!]:14}}');

export const tokenRule: Rule = {
  id: 'github-pat',
  provider: 'GitHub',
  description: 'GitHub personal access token',
  keywords: ['ghp_'],
  pattern: /ghp_\w{36}/,
  severity: 'critical',
  confidence: 'certain',
  rotate: 'https://github.com/settings/tokens',
};
export const passwordRule: Rule = {
  id: 'generic-password',
  provider: 'Generic',
  description: 'Password in the clear',
  keywords: [],
  pattern: /password/,
  severity: 'high',
  confidence: 'hint',
};
export const verdict: Verdict = { label: 'secret', probability: 0.87, decidedBy: 'rule', reason: 'looks random' };

export function chunkOf(text: string, options: { path?: string; origin?: Origin } = {}): TextChunk {
  const path = options.path ?? 'src/app.ts';
  return {
    origin: options.origin ?? { kind: 'file' },
    path,
    logicalPath: path,
    text,
    bytes: Buffer.byteLength(text),
    encoding: 'utf-8',
    firstLine: 1,
  };
}

/** The candidate of a span of `chunk`, or of the first place of a text. */
export function candidateOf(input: {
  chunk: TextChunk;
  value: string | readonly [start: number, end: number];
  rule?: Rule;
  name?: string;
}): Candidate {
  const { chunk, value, rule = passwordRule, name } = input;
  const { text } = chunk;
  const [start, end] = typeof value === 'string' ? [text.indexOf(value), text.indexOf(value) + value.length] : value;
  const position = (at: number) => {
    const before = text.slice(0, at).split('\n');
    return { line: before.length, column: before.at(-1)!.length + 1 };
  };
  const from = position(start);
  const to = position(end);
  return {
    chunk,
    start,
    end,
    value: text.slice(start, end),
    ...(name === undefined ? {} : { name }),
    syntax: 'assignment',
    rules: [rule],
    line: from.line,
    endLine: to.line,
    column: from.column,
    endColumn: to.column,
    encodings: [],
  };
}

/** The finding of `value` in `text`. */
export function findingOf(input: {
  text: string;
  value: string;
  path?: string;
  origin?: Origin;
  rule?: Rule;
  name?: string;
  verdict?: Verdict;
  show?: boolean;
}): Finding {
  const candidate = candidateOf({ ...input, chunk: chunkOf(input.text, input) });
  return buildFinding({ candidate, verdict: input.verdict ?? verdict, others: [candidate], show: input.show ?? false });
}

export function reportOf(findings: readonly Finding[], changes: Partial<Report> = {}): Report {
  return {
    tool: { name: 'smart-secrets-scanner', version: '1.2.3' },
    scope: 'staged changes',
    findings,
    statistics: {
      chunks: 12,
      bytes: 34_000,
      candidates: 20,
      verdicts: { secret: findings.length, placeholder: 3, harmless: 10 },
      decidedBy: { rule: 1, filter: 13, gate: 5, model: 1 },
      device: 'cpu',
      allowed: 0,
      elapsedMs: 210,
    },
    skipped: [],
    notes: [],
    interrupted: false,
    ...changes,
  };
}

/** Two findings as a hook sees them. */
export function twoFindings(options: { origin?: Origin; show?: boolean } = {}): Finding[] {
  return [
    findingOf({ text: `\n\nconst token = "${TOKEN}";\n`, value: TOKEN, rule: tokenRule, name: 'token', ...options }),
    findingOf({ text: `x\nDB_PASSWORD=${PASSWORD}\n`, value: PASSWORD, path: '.env', name: 'DB_PASSWORD', ...options }),
  ];
}
