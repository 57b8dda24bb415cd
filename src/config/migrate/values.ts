/** The values of another scanner's files are read leniently: what is of another kind than it should be counts as absent. */
export function tableOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A value as a list: one alone is a list of one, none is an empty one. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The texts of a value that is one or a list, empty ones left out. */
export function textsOf(value: unknown): string[] {
  return listOf(value).filter((one): one is string => typeof one === 'string' && one !== '');
}
