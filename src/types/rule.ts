export type Severity = 'critical' | 'high' | 'medium' | 'low';

/**
 * How much a match of a rule says by itself.
 * - `certain`: an unmistakable shape (distinctive prefix and length): settled by the rule, unless it is a placeholder.
 * - `likely`: provider word near a value of the right shape: settled unless a filter objects.
 * - `hint`: the value must convince by itself.
 */
export type Confidence = 'certain' | 'likely' | 'hint';

/** What belongs to the secret of a rule. Found beside it, it is part of the same finding. */
export interface Companion {
  /** As people call it: `access key id`. */
  role: string;
  /** Ids of the rules that match it. */
  rules?: readonly string[];
  /** For what is no secret itself, a host or the name of an account: the group named `part`, else the whole match. */
  pattern?: RegExp;
  /** A text in which the pattern finds it, with `{{…}}` holes. */
  example?: string;
  /** Lines that may lie between: 8 unless told. */
  lines?: number;
  /** A match of the rule does not count without it. */
  required?: boolean;
}

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
  /**
   * Of a built-in rule, worked out of its pattern: so many token characters (see `src/util/token-runs.ts`) stand in a row in every
   * match, and a match is no longer than that, where there is a limit. Where there is no such run, no match is looked for.
   */
  run?: { least: number; longest?: number };
  /** Least Shannon entropy of the secret in bits per character. */
  entropy?: number;
  /** Name of a checksum or structure check in `src/rules/validators.ts`; a value that fails it is no match. */
  validator?: string;
  /** The match is dropped when the secret has one of these in it (lower case). */
  stopwords?: readonly string[];
  /** Only files whose logical path matches are searched; of what is inside a container the path in there counts, too. */
  path?: RegExp;
  companions?: readonly Companion[];
  /** It is never reported by itself: it only serves as a companion. */
  silent?: boolean;
  /** Where the owner of the secret revokes or rotates it. */
  rotate?: string;
  /** Texts with `{{…}}` holes (see `src/rules/examples.ts`): nothing in this repository looks like a live token. */
  examples?: { secret: readonly string[]; harmless: readonly string[] };
  /** `builtin`, or the configuration file that brought it. */
  origin?: string;
}
