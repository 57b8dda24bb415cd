import { answerOf, VERDICT_WORDS } from '../classify/prompt.ts';
import type { Opinion, VerdictLabel } from '../types.ts';

/** Weights of the three labels, not yet adding up to anything. */
type Weights = Partial<Record<VerdictLabel, number>>;

/** A token that a model has said, and those that it could have said instead. */
export interface TokenChoice {
  token: string;
  alternatives: readonly { token: string; probability: number }[];
}

const LONGEST_REASON = 200;
/** A model that gives its verdicts less weight than this together says something else: one that was made for this, and any other. */
const LEAST_WEIGHT = { ours: 0.5, other: 0.1 };

/** An opinion of weights; undefined when they are no weights. `label`: the heaviest unless told. */
export function opinionOf(weights: Weights, label?: VerdictLabel): Opinion | undefined {
  const all = VERDICT_WORDS.map((word) => weights[word] ?? 0);
  const sum = all.reduce((total, one) => total + one, 0);
  if (!all.every((one) => one >= 0 && Number.isFinite(one)) || !(sum > 0)) return undefined;
  // As exact as they are kept, so that an answer that was kept is the same.
  const [secret, placeholder, harmless] = all.map((one) => Math.fround(one / sum)) as [number, number, number];
  const heaviest = VERDICT_WORDS[all.indexOf(Math.max(...all))]!;
  return { label: label ?? heaviest, probabilities: { secret, placeholder, harmless } };
}

/** An opinion of what a model gives its verdicts of all that it could say; undefined when it would rather say something else. */
export function measuredOpinion(input: {
  weights: Weights;
  isOurs: boolean;
  label?: VerdictLabel | undefined;
}): Opinion | undefined {
  const { weights, isOurs, label } = input;
  const sum = VERDICT_WORDS.reduce((total, word) => total + (weights[word] ?? 0), 0);
  return sum >= LEAST_WEIGHT[isOurs ? 'ours' : 'other'] ? opinionOf(weights, label) : undefined;
}

/** What our own model says: the probabilities of its three verdicts as next tokens; undefined when it says something else. */
export function ownAnswer({ token, alternatives }: TokenChoice): Opinion | undefined {
  const said = VERDICT_WORDS.find((word) => answerOf(word) === token);
  if (alternatives.length === 0) return said && opinionOf({ [said]: 1 }, said);
  const of = (word: VerdictLabel) => alternatives.find((one) => one.token === answerOf(word))?.probability ?? 0;
  const weights = Object.fromEntries(VERDICT_WORDS.map((word) => [word, of(word)])) as Record<VerdictLabel, number>;
  return measuredOpinion({ weights, isOurs: true, label: said });
}

/**
 * What another model says: JSON, which may be cut off behind the verdict; undefined when it is nothing of the kind.
 * @param input.prompt what it was asked: nothing of that may stand in its reason
 */
export function generalAnswer(input: {
  text: string;
  tokens: readonly TokenChoice[];
  prompt: string;
}): Opinion | undefined {
  const { text, tokens, prompt } = input;
  const [, word, rest = ''] = /^\s*\{\s*"verdict"\s*:\s*"([a-z]+)"\s*([,}]?[\s\S]*)$/.exec(text) ?? [];
  const label = VERDICT_WORDS.find((one) => one === word);
  if (!label || !/^(?:$|[,}])/.test(rest)) return undefined;
  const weights = weightsOf(tokens);
  // A schema can make it say what it would never have said.
  const opinion = weights ? measuredOpinion({ weights, isOurs: false, label }) : opinionOf({ [label]: 1 }, label);
  const reason = reasonIn(text);
  return opinion && { ...opinion, ...(reason === undefined ? {} : { reason: withoutCopies(reason, prompt) }) };
}

function reasonIn(text: string): string | undefined {
  try {
    const { reason } = JSON.parse(text);
    const line = typeof reason === 'string' ? reason.replace(/[\s\p{Cc}]+/gu, ' ').trim() : '';
    if (line === '') return undefined;
    return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1)}…` : line;
  } catch {
    return undefined;
  }
}

/** The weight of each label where the verdict of an answer begins; undefined where nobody has told it. */
function weightsOf(tokens: readonly TokenChoice[]): Weights | undefined {
  let before = '';
  for (const { token, alternatives } of tokens) {
    if (beginning(before + token) !== '') {
      if (alternatives.length === 0) return undefined;
      const weights: Weights = {};
      for (const one of alternatives) {
        const begun = beginning(before + one.token);
        const label = begun === '' ? undefined : VERDICT_WORDS.find((word) => word.startsWith(begun) || begun === word);
        if (label) weights[label] = (weights[label] ?? 0) + one.probability;
      }
      return weights;
    }
    before += token;
  }
  return undefined;
}

/** As much of the verdict as stands at the end of a text, nothing if that is none. */
function beginning(text: string): string {
  return /"verdict"\s*:\s*"([a-z]+)"?[,}]?$/.exec(text)?.[1] ?? '';
}

/** What stands in the place of what a reason has copied. */
const COPY = '********';
/** A piece of a value that is as long as this is a copy. */
const SHORTEST_COPY = 5;

/** A reason without pieces of the value, and without longer ones of the line that it stands on. */
function withoutCopies(reason: string, prompt: string): string {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(prompt)?.[1] ?? '';
  const value = field('value');
  const least = Math.min(SHORTEST_COPY, Math.max(3, value.length));
  const masked = withoutPieces({ text: reason, of: value, least });
  const words = field('line')
    .split(/[\s"'`«»=:;,()[\]{}<>]+/)
    .filter((word) => /\d/.test(word) && word.length >= 2 * SHORTEST_COPY);
  return words.reduce((text, of) => withoutPieces({ text, of, least: 2 * SHORTEST_COPY }), masked);
}

function withoutPieces(input: { text: string; of: string; least: number }): string {
  const { text, of, least } = input;
  let out = '';
  for (let at = 0; at < text.length; ) {
    let length = 0;
    while (at + length < text.length && of.includes(text.slice(at, at + length + 1))) length++;
    if (length >= least) {
      out += COPY;
      at += length;
    } else out += text[at++];
  }
  return out;
}
