/**
 * The types that cross folder borders, in the order in which data flows:
 * `ScanSource → TextChunk → Candidate → Features → Verdict → Finding → Report`.
 */

/** Where a chunk came from. */
export type Origin =
  | { kind: 'file' }
  | { kind: 'stdin' }
  | { kind: 'staged'; blob: string }
  /** A blob of a commit range: only the lines that the range added are judged. */
  | { kind: 'range'; blob: string; commit: string }
  /** A blob reachable (or not) from the history; commits are looked up for findings only. */
  | { kind: 'history'; blob: string }
  /** A commit, tag or note message. `object` is the commit or tag that carries it. */
  | { kind: 'message'; of: 'commit' | 'tag' | 'note'; object: string };

/** How the bytes were turned into text. `binary`: text runs of a binary file, everything else is blanks. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | 'latin1' | 'binary';

/** Inclusive 1-based line ranges, sorted, not overlapping. */
export type LineRanges = readonly (readonly [first: number, last: number])[];

/** One text to scan: a whole file or blob, or a piece of a very large one. */
export interface TextChunk {
  origin: Origin;
  /** What the user would open: `/`-separated, relative to the current directory, absolute outside it. */
  path: string;
  /** Path inside the repository or the scanned root: what allowlists, fingerprints and features look at. */
  logicalPath: string;
  /**
   * Of text out of a container (an archive, a database, a notebook) its path in there: both paths end with `!` and it.
   */
  member?: string;
  text: string;
  /** Size of the source in bytes. */
  bytes: number;
  encoding: Encoding;
  /** 1-based number of the first line of `text` (more than 1 only for later pieces of a large file). */
  firstLine: number;
  /** The lines that are new (1-based, in the numbering of the file). Absent: every line counts. */
  added?: LineRanges;
  /** Set for a text that was decoded from parts of another one. */
  decoded?: Decoded;
}

/** Where a decoded text comes from. Spans are UTF-16 code units, their ends exclusive. */
export interface Decoded {
  from: TextChunk;
  /** The encodings, outermost first: `['base64', 'character escapes']`. */
  way: readonly string[];
  /** The place in `from.text` of what a span of this text was decoded from. */
  place(start: number, end: number): { start: number; end: number };
  /** Whether something in a span was decoded; the rest is context, as it stands in `from.text`. */
  touches(start: number, end: number): boolean;
}

/** An input that was not looked at, or only in part, and why. */
export interface Skipped {
  path: string;
  reason: string;
  /** `error`: something that should have been read could not be (a hook must fail closed); `policy`: left out by a rule. */
  kind: 'error' | 'policy';
}

export type SourceItem = { chunk: TextChunk } | { skipped: Skipped };

/** Something that yields text to scan. Sources only read; they never judge. */
export interface ScanSource {
  /** For people: `staged changes`, `working tree of .`, `history`. */
  readonly description: string;
  /** How many items will come, when it is known up front (for progress). */
  readonly total?: number;
  items(signal?: AbortSignal): AsyncIterable<SourceItem>;
  /** For history: fills in where a blob or message came from. Called once, for the findings only. */
  locate?(origins: readonly Origin[]): Promise<Map<string, CommitInfo>>;
}

/** The first commit that brought a blob (or the object that carries a message). Keyed by `originKey(origin)`. */
export interface CommitInfo {
  commit: string;
  author: string;
  /** ISO 8601. */
  date: string;
  /** Paths that the blob has had (in repository form), first one first. */
  paths?: string[];
  inHead?: boolean;
}

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/**
 * How much a match of a rule says by itself.
 * - `certain`: an unmistakable shape (distinctive prefix and length): settled by the rule, unless it is a placeholder.
 * - `likely`: provider word near a value of the right shape: settled unless a filter objects.
 * - `hint`: the value must convince by itself.
 */
export type Confidence = 'certain' | 'likely' | 'hint';

/** A rule, as data. Authors write these in `src/rules/builtin/`; users write them in their configuration. */
export interface Rule {
  /** Kebab case, starts with the provider: `github-fine-grained-pat`. */
  id: string;
  /** Provider as people write it: `GitHub`. */
  provider: string;
  /** What it finds, as a noun phrase: `GitHub fine-grained personal access token`. */
  description: string;
  /** Lower-case ASCII texts of three characters or more; every match has at least one of them in it. */
  keywords: readonly string[];
  /**
   * The secret is the group named `secret`, else the first group with text in it, else the whole match. The flags `d`, `g` and `y` are set by
   * the engine; authors may use `i`, `s`, `u` and `m`.
   */
  pattern: RegExp;
  severity: Severity;
  confidence: Confidence;
  /** Characters searched before and after a keyword: 128 and 512 unless told. Longer matches need a longer window. */
  window?: { before: number; after: number };
  /** Least Shannon entropy of the secret in bits per character. */
  entropy?: number;
  /** Name of a checksum or structure check in `src/rules/validators.ts`; a value that fails it is no match. */
  validator?: string;
  /** The match is dropped when the secret has one of these in it (lower case). */
  stopwords?: readonly string[];
  /** Only files whose logical path matches are searched. */
  path?: RegExp;
  /** Where the owner of the secret revokes or rotates it. */
  rotate?: string;
  /** Texts with `{{…}}` holes (see `src/rules/examples.ts`): nothing in this repository looks like a live token. */
  examples?: { secret: readonly string[]; harmless: readonly string[] };
  /** `builtin`, or the configuration file that brought it. */
  origin?: string;
}

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
}

/** Where the language model is to run. `auto`: on CUDA if that is there, else on the CPU. */
export type Device = 'auto' | 'cpu' | 'cuda';

declare const redacted: unique symbol;
/** Text that has been through `findings/redact.ts`: the only kind of text from scanned input that may be shown. */
export type Redacted = string & { readonly [redacted]: true };

export interface Location {
  path: string;
  line: number;
  endLine: number;
  column: number;
  endColumn: number;
}

/** What the user is told. Holds no raw value. */
export interface Finding extends Location {
  ruleId: string;
  provider: string;
  description: string;
  severity: Severity;
  verdict: VerdictLabel;
  probability: number;
  decidedBy: Verdict['decidedBy'];
  reason: string;
  scores?: Scores;
  /** Of rule, logical path and a keyed, stretched hash of the value: 32 hexadecimal characters. */
  fingerprint: string;
  /** The line of the finding, values masked, shortened to what fits a screen. */
  preview: Redacted;
  /** The value, masked: `ghp_********`. In the clear only with --show-secrets. */
  secret: Redacted;
  /** Name that the value is bound to, if it has one. */
  name?: Redacted;
  rotate?: string;
  /** The encodings that the value was decoded from, outermost first: `base64 → character escapes`. */
  way?: string;
  /** Where the text came from. */
  source: Origin['kind'];
  commit?: string;
  author?: string;
  date?: string;
  /** History: whether the blob is still in HEAD. */
  inHead?: boolean;
  /** Further places of the same secret: other paths of the same blob. */
  related?: readonly Location[];
}

export interface Report {
  tool: { name: 'smart-secrets-scanner'; version: string };
  /** What was scanned, for people. */
  scope: string;
  findings: readonly Finding[];
  statistics: {
    chunks: number;
    bytes: number;
    candidates: number;
    /** Candidates by verdict label. */
    verdicts: Record<VerdictLabel, number>;
    /** Candidates by what settled them. */
    decidedBy: Readonly<Partial<Record<Verdict['decidedBy'], number>>>;
    /** Where the language model ran; absent when no candidate needed it. */
    device?: 'cpu' | 'cuda';
    /** Findings hidden by an allowlist. */
    allowed: number;
    /** Wall time in milliseconds. Never part of anything that is compared. */
    elapsedMs: number;
  };
  skipped: readonly Skipped[];
  /** What the user should know of how it was judged: another device than the one asked for, no language model. */
  notes: readonly string[];
  /** True when the scan was stopped before its end: the findings are those found so far. */
  interrupted: boolean;
}

export type Preset = 'strict' | 'balanced' | 'wide';

/** One allowlist entry: what it matches is not reported. Conditions given are joined by `condition`. */
export interface Allow {
  description?: string;
  /** Only for these rules; absent: for all. */
  ruleIds?: readonly string[];
  /** `OR` (the default): one condition is enough. `AND`: every condition given must hold. */
  condition?: 'AND' | 'OR';
  /** Matched against the logical path. */
  paths?: readonly RegExp[];
  /** Exact values. */
  values?: readonly string[];
  regexes?: readonly RegExp[];
  regexTarget?: 'secret' | 'match' | 'line';
  /** Lower-case texts: allowed when the value contains one. */
  stopwords?: readonly string[];
  commits?: readonly string[];
  /** Fingerprints of findings. */
  fingerprints?: readonly string[];
}

/** The configuration in force: defaults, overlaid by what was found. */
export interface Config {
  /** Files it was read from, as the user would open them; empty for the defaults. */
  files: readonly string[];
  preset: Preset;
  /** Built-in rules are in use (a gitleaks.toml without `useDefault` brings its own set beside the generic extractor). */
  useBuiltinRules: boolean;
  disabledRules: readonly string[];
  customRules: readonly Rule[];
  allow: readonly Allow[];
  /** Model folder, absolute; absent: the one that ships with the scanner. */
  model?: string;
  /** `auto` unless told. */
  device?: Device;
  /** Files larger than this many bytes are skipped, and reported as skipped. 0: no limit. */
  maxFileSize: number;
  /** Things of an imported configuration that could not be taken over, each in words. */
  warnings: readonly string[];
}
