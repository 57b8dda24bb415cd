/** The variables of a file `NAME=value`; values as the usual readers take them, undefined where these disagree. */
export function readVariables(text: string): Map<string, string | undefined> {
  const variables = new Map<string, string | undefined>();
  const line =
    /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\s#'"][^\r\n]*?)?)[ \t]*(?:#.*)?\r?$/gm;
  for (const [, name, single, double, bare] of text.matchAll(line)) {
    const isPlain = double === undefined || !/[\\$]/.test(double);
    variables.set(name!, isPlain ? (single ?? double ?? bare ?? '') : undefined);
  }
  return variables;
}

/** A line `NAME=value` that every reader takes alike; undefined where there is no such line. */
export function variableLine(name: string, value: string): string | undefined {
  if (/^[\w./:@%+,=~^-]+$/.test(value)) return `${name}=${value}`;
  if (!value.includes("'") && !/[\r\n]/.test(value)) return `${name}='${value}'`;
  // Double quotes: line ends stand for themselves, `$` and `\` do not.
  return /["\\$`]/.test(value) ? undefined : `${name}="${value.replaceAll('\r\n', '\n')}"`;
}

/** A file of variables with more of them at its end, or where they belong when it is sorted. */
export function withVariables(text: string, lines: readonly (readonly [name: string, line: string])[]): string {
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
  const have = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  const nameOf = (line: string) => /^(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=/.exec(line)?.[1];
  const names = have.map(nameOf);
  const isSorted =
    names.length > 1 && names.every((name, i) => name !== undefined && (i === 0 || names[i - 1]! <= name));
  for (const [name, line] of lines) {
    const at = isSorted ? have.findIndex((other) => nameOf(other)! > name) : -1;
    have.splice(at < 0 ? have.length : at, 0, line);
  }
  return have.map((line) => line + newline).join('');
}

/** A `.gitignore` with one more line; undefined when it has it. */
export function withPattern(text: string, pattern: string): string | undefined {
  if (text.split(/\r?\n/).includes(pattern)) return undefined;
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
  return `${text}${text === '' || text.endsWith('\n') ? '' : newline}${pattern}${newline}`;
}
