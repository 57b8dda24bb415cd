import type { Rule } from './rule.ts';
import type { TextChunk } from './source.ts';

/** The way a candidate is written. */
export type Syntax =
  | 'assignment'
  | 'json'
  | 'yaml'
  | 'ini'
  | 'xml'
  | 'call'
  | 'flag'
  | 'url'
  | 'query'
  | 'header'
  | 'sql'
  | 'connection-string'
  | 'block'
  | 'token'
  | 'provider';

/** What was found of a {@link Companion}, placed like the candidate that it belongs to. */
export interface Part {
  role: string;
  /** Absent where a pattern of the companion found it. */
  rule?: Rule;
  start: number;
  end: number;
  line: number;
  endLine: number;
  column: number;
  endColumn: number;
}

/** A string worth judging. Offsets are UTF-16 code units in `chunk.text`. */
export interface Candidate {
  chunk: TextChunk;
  start: number;
  end: number;
  value: string;
  /** The name that the value is bound to (variable, key, flag, header), as written. */
  name?: string;
  syntax: Syntax;
  /** Provider rules that matched this very span, strongest first; else the generic rule of the syntax. */
  rules: readonly Rule[];
  /** The whole match of a provider's rule, context included, where there is one. */
  match?: string;
  /** 1-based, in the numbering of the file. */
  line: number;
  endLine: number;
  /** 1-based, in UTF-16 code units; `endColumn` is one past the last. */
  column: number;
  endColumn: number;
  /** What stands beside it and belongs to it; absent when there is nothing. */
  parts?: readonly Part[];
  /** Encodings that the value was decoded from, outermost first. */
  encodings: readonly string[];
  /** The same where it can be read, in the decoded text: that is what is judged. */
  read?: Candidate;
}

export type VerdictLabel = 'secret' | 'placeholder' | 'harmless';

/** What the scanner thinks of a candidate. `probability` is that of the label `secret`. */
export interface Verdict {
  label: VerdictLabel;
  probability: number;
  decidedBy: 'rule' | 'filter' | 'gate' | 'model' | 'judge' | 'allowlist';
  /** In words, without the value. */
  reason: string;
  /** What the parts of the model said, where it was asked. */
  scores?: Scores;
}

/** Probabilities of being a secret, before they are weighed against each other and calibrated. */
export interface Scores {
  gate: number;
  /** The language model's, where the gate was in doubt. */
  model?: number;
  /** Of the large language model that was asked as a judge. */
  judge?: number;
}

/** Where the language model is to run. `auto`: on CUDA if that is there, else on the CPU. */
export type Device = 'auto' | 'cpu' | 'cuda';
