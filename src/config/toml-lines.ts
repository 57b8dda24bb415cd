/**
 * The 1-based line on which a key of a TOML file stands, or the table that it belongs in when it is not there. Follows
 * headers and `key = …` lines only: enough to point at the place, and undefined where it is not sure.
 */
export function tomlLineOf(text: string, path: readonly (string | number)[]): number | undefined {
  const wanted = path.map((part) => String(part).toLowerCase());
  const counts = new Map<string, number>();
  let table: string[] = [];
  let best: number | undefined;
  let bestLength = 0;
  let open: string | undefined;
  text.split(/\r?\n/).forEach((line, index) => {
    if (open) {
      if (line.includes(open)) open = undefined;
      return;
    }
    const header = /^\s*(\[\[?)([^[\]]+)\]/.exec(line);
    const key = header ? undefined : /^\s*([\w.-]+|"[^"]*"|'[^']*')\s*=/.exec(line)?.[1];
    if (header) table = locate({ keys: keysOf(header[2]!), isArray: header[1] === '[[', counts });
    const here = key === undefined ? table : [...table, ...keysOf(key)];
    if ((header || key) && here.length > bestLength && here.every((part, i) => part === wanted[i])) {
      best = index + 1;
      bestLength = here.length;
    }
    for (const quotes of ['"""', "'''"]) if (line.split(quotes).length % 2 === 0) open = quotes;
  });
  return best;
}

function keysOf(text: string): string[] {
  return text.split('.').map((key) =>
    key
      .trim()
      .replace(/^["']|["']$/g, '')
      .toLowerCase(),
  );
}

/** A header as a path with the numbers of the array tables in it: `[rules.allowlist]` → `rules`, `2`, `allowlist`. */
function locate(input: { keys: string[]; isArray: boolean; counts: Map<string, number> }): string[] {
  const path: string[] = [];
  input.keys.forEach((key, i) => {
    path.push(key);
    const name = path.join('\u0000');
    const last = i === input.keys.length - 1;
    if (last && input.isArray) input.counts.set(name, (input.counts.get(name) ?? -1) + 1);
    const count = input.counts.get(name);
    if (count !== undefined) path.push(String(count));
  });
  return path;
}
