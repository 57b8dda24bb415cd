import type { Device } from './candidate.ts';
import type { Rule } from './rule.ts';

/** A large language model that is asked about what is in doubt. */
export interface JudgeSettings {
  /** `ollama`, `ollama:MODEL`, `llama-cpp` or `llama-cpp:FILE`; absent: none unless the command line names one. */
  use?: string;
  /** Folder that a file in `use` is relative to, absolute; absent: `use` is from the command line. */
  folder?: string;
  /** Of the Ollama server; absent: what `OLLAMA_HOST` says, else this machine. */
  url?: string;
  /** Leave this machine: the command line has named the address. */
  mayLeave?: boolean;
  /** Probabilities between which a verdict is in doubt. */
  band?: { low: number; high: number };
  /** Milliseconds for one answer. */
  timeoutMs?: number;
  /** So many questions at once. */
  parallel?: number;
  /** Hooks ask it, too. */
  hooks?: boolean;
}

export type Preset = 'strict' | 'balanced' | 'wide';

/** Scanners whose markers in texts are honoured. */
export type MarkerPeer =
  | 'gitleaks'
  | 'betterleaks'
  | 'trufflehog'
  | 'kingfisher'
  | 'detect-secrets'
  | 'secretlint'
  | 'ggshield';

/** Which markers in texts let findings pass. */
export interface MarkerSettings {
  /** `sss:allow` and its kin. */
  own: boolean;
  peers: readonly MarkerPeer[];
  /** A marker without a reason counts for nothing. */
  requireReason: boolean;
}

/** One allowlist entry: what it matches is not reported. Conditions given are joined by `condition`. */
export interface Allow {
  description?: string;
  /** Only for these rules; absent: for all. */
  ruleIds?: readonly string[];
  /** Only for values with one of these names, `*` for any text; absent: for all. */
  names?: readonly string[];
  /** Only for values at one of these places of a JSON file (`db.users.0.password`, `*` for any text); elsewhere names. */
  keys?: readonly string[];
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
  /** File of the configuration that it stands in, as the user would open it. */
  origin?: string;
  /** Of the configuration of a folder: its logical path, with a `/` at the end. Paths are matched from there. */
  below?: string;
}

/** The configuration in force: defaults, overlaid by what was found. */
export interface Config {
  /** Files it was read from, as the user would open them, what is inherited first; empty for the defaults. */
  files: readonly string[];
  /**
   * Files in folders below `root` say more about what is in there; absent: none is looked for. Both absolute, real paths.
   * `preset`: whatever they say of that. `isOff`: none of them counts.
   */
  folders?: { root: string; cwd: string; preset?: Preset; isOff?: boolean };
  preset: Preset;
  /** Built-in rules are in use (a gitleaks.toml without `useDefault` brings its own set beside the generic extractor). */
  useBuiltinRules: boolean;
  /** Ids, `*` standing for any text; one with a `!` before it takes back what stands before it. */
  disabledRules: readonly string[];
  customRules: readonly Rule[];
  allow: readonly Allow[];
  /** Model folder, absolute; absent: the one that ships with the scanner. */
  model?: string;
  /** `auto` unless told. */
  device?: Device;
  /** Files larger than this many bytes are skipped, and reported as skipped. 0: no limit. */
  maxFileSize: number;
  /** So many containers inside each other are opened, and so many encodings inside each other decoded: 0 to 16. */
  maxDepth: number;
  /** False: no scan remembers which texts came out clean, and none asks. */
  cache?: boolean;
  /** Absent: our own markers and those of all peers count. */
  markers?: MarkerSettings;
  /** The baseline, an absolute path; absent: there is none. False: none is to be looked for. */
  baseline?: string | false;
  /** Ignore files of peers that are honoured, absolute paths. Their entries are read when something was found. */
  ignoreFiles?: readonly string[];
  judge?: JudgeSettings;
  /** What `sss review` is told. */
  review?: ReviewSettings;
  /** Things of an imported configuration that could not be taken over, each in words. */
  warnings: readonly string[];
}

/** What `sss review` goes by; what is absent is as it is without a configuration. */
export interface ReviewSettings {
  /** Of everything that is drawn by chance. */
  seed?: number;
  /** How often a large language model answers each prompt. */
  samples?: number;
  /** Of its answers but the first, which is the most probable one. */
  temperature?: number;
  /** File with the lines of guidance, absolute. */
  guidance?: string;
  /** Folder of the missions, absolute. */
  folder?: string;
}
