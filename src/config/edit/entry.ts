/** An entry of `allow` to be written. */
export interface NewAllow {
  reason: string;
  /** These findings, and nothing else. */
  fingerprints?: readonly string[];
  /** With `paths`: what these rules find in there. */
  rules?: readonly string[];
  paths?: readonly string[];
}

/** Its keys in the order in which they are written. */
export function fieldsOf({ reason, rules, paths, fingerprints }: NewAllow): Record<string, string | readonly string[]> {
  return {
    reason,
    ...(rules === undefined ? {} : { rules }),
    ...(paths === undefined ? {} : { paths }),
    ...(fingerprints === undefined ? {} : { fingerprints }),
  };
}

/** A text in double quotes, as TOML, YAML and JSON read it alike. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
