import type { ModelCard } from '../../src/classify/card.ts';
import { VERDICT_WORDS } from '../../src/classify/prompt.ts';
import { calibrated, modelLogit, stackedLogit } from '../../src/classify/stack.ts';

/** Of the verdicts, in the order of `VERDICT_WORDS`, together 1. */
export type Probabilities = readonly [secret: number, placeholder: number, harmless: number];

/** A candidate in the band. */
export interface Asked {
  gateLogit: number;
  prompt: string;
}

/** One form of the model, and what it says of each prompt. */
export interface Column {
  name: string;
  bytes: number | undefined;
  answers: ReadonlyMap<string, Probabilities>;
}

/** A form of the model beside the first one. */
export interface Compared {
  name: string;
  bytes: number | null;
  /** Share of candidates with the same most probable verdict. */
  agreement: number;
  /** Share of candidates that the scanner calls the same, secret or not, at `balanced`. */
  sameFindings: number;
  largestDifference: number;
  meanDifference: number;
}

/** Token ids of one tokenizer beside those of the first one. */
export interface TokenCheck {
  name: string;
  prompts: number;
  different: number;
}

/** Probabilities of logits. */
export function softmax(logits: readonly number[]): Probabilities {
  const most = Math.max(...logits);
  const parts = logits.map((logit) => Math.exp(logit - most));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum) as unknown as Probabilities;
}

/** How many prompts two tokenizers split in different ways. */
export function tokenCheck(name: string, ours: readonly number[][], theirs: readonly number[][]): TokenCheck {
  const different = ours.filter((ids, i) => ids.join() !== theirs[i]?.join()).length;
  return { name, prompts: ours.length, different };
}

/** Every column beside the first, over all candidates. */
export function compareColumns(input: {
  asked: readonly Asked[];
  columns: readonly Column[];
  card: Pick<ModelCard, 'stack' | 'calibration' | 'thresholds'>;
}): Compared[] {
  const { asked, columns, card } = input;
  const isFound = ({ gateLogit }: Asked, p: Probabilities): boolean => {
    const logits = p.map((one) => Math.log(Math.max(one, 1e-12))) as unknown as Probabilities;
    const logit = stackedLogit({ stack: card.stack, gateLogit, modelLogit: modelLogit(logits) });
    return calibrated(logit, card.calibration.model) >= card.thresholds.balanced;
  };
  const top = (p: Probabilities): number => p.indexOf(Math.max(...p));
  return columns.map(({ name, bytes, answers }) => {
    let [same, sameFindings, largest, sum] = [0, 0, 0, 0];
    for (const one of asked) {
      const [exact, other] = [columns[0]!.answers.get(one.prompt)!, answers.get(one.prompt)!];
      if (top(exact) === top(other)) same++;
      if (isFound(one, exact) === isFound(one, other)) sameFindings++;
      const differences = exact.map((p, i) => Math.abs(p - other[i]!));
      largest = Math.max(largest, ...differences);
      sum += differences.reduce((a, b) => a + b, 0) / VERDICT_WORDS.length;
    }
    const of = (count: number): number => (asked.length === 0 ? 1 : count / asked.length);
    const meanDifference = asked.length === 0 ? 0 : sum / asked.length;
    return {
      ...{ name, bytes: bytes ?? null, agreement: of(same), sameFindings: of(sameFindings) },
      ...{ largestDifference: largest, meanDifference },
    };
  });
}

/** What was compared, for people. */
export function parityText(input: {
  version: string;
  candidates: number;
  /** Which candidates they are, in words. */
  of: string;
  prompts: number;
  cut: number;
  tokens: readonly TokenCheck[];
  columns: readonly Compared[];
}): string {
  const { version, candidates, of, prompts, cut, tokens, columns } = input;
  const share = (n: number): string => `${(100 * n).toFixed(2)} %`;
  const rows = columns.map(({ name, bytes, agreement, sameFindings, largestDifference, meanDifference }) => [
    ...[name, bytes === null ? '' : `${(bytes / 1e6).toFixed(1)} MB`, share(agreement), share(sameFindings)],
    ...[largestDifference.toFixed(4), meanDifference.toFixed(5)],
  ]);
  const head = ['model', 'size', 'same verdict', 'same findings', 'max dP', 'mean dP'];
  return [
    `${version}, on calib`,
    '',
    'token ids, beside those of the tokenizers package of Hugging Face in Python',
    ...tokens.map(({ name, prompts: all, different }) => `  ${name}: ${different} of ${all} prompts differ`),
    '',
    `verdicts of ${candidates} candidates ${of} (${prompts} different prompts, ${cut} of them cut), beside the first row`,
    ...aligned([head, ...rows]),
    '',
  ].join('\n');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')}`.trimEnd(),
  );
}
