import type { Imported } from './imported.ts';

/** Writes imported rules as a configuration of our own. Patterns stay readable: a backslash is a backslash. */
export function writeToml({ rules, allow, shown }: Pick<Imported, 'rules' | 'allow'> & { shown: string }): string {
  const name = shown.replace(/\p{C}+/gu, ' ');
  return [
    `# Imported from ${name}. The built-in rules stay in use; a rule of the same id is replaced.\n`,
    ...rules.map((rule) => tomlTable('rules.custom', rule)),
    ...allow.map((entry) => tomlTable('allow', entry)),
  ].join('\n');
}

/** One table of a list of them; what is empty is left out. */
export function tomlTable(name: string, fields: object): string {
  const rows = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return `[[${name}]]\n${rows.map(([key, value]) => `${key} = ${tomlValue(value)}\n`).join('')}`;
}

/** A value on the right of a `=`; a pattern stays readable. */
export function tomlValue(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length > 4
      ? `[\n${value.map((one) => `  ${tomlValue(one)},\n`).join('')}]`
      : `[${value.map(tomlValue).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, one]) => `${key} = ${tomlValue(one)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  return typeof value === 'string' ? text(value) : String(value);
}

function text(value: string): string {
  const isPlain = !/[\\"]/.test(value) && !/\p{C}/u.test(value);
  if (isPlain) return `"${value}"`;
  const isLiteral = !/[^\P{C}\n\t]/u.test(value) && !value.includes("''" + "'") && !value.startsWith('\n');
  // A quote at the end would run into the closing ones.
  if (isLiteral && !value.endsWith("'")) return `'''${value}'''`;
  return JSON.stringify(value).replace(/\u007f/g, '\\u007f');
}
