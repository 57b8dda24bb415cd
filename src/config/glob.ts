/** More would let a path with very many folders take minutes. */
const MOST_DEEP = 3;
const LONGEST = 1000;

/**
 * Translates a glob of the kind that `.gitignore` files have, for paths with `/` between folders:
 * `*.lock` and `node_modules` at any depth, `/only/root` and `docs/api` from the root, `dir/` for all that is in a
 * folder, `**` for any number of folders, `?`, `[a-z]`, `[!a-z]`, `\` before a special character, and, beyond git,
 * `{a,b}`. What names a folder matches everything inside. `!` is not supported.
 */
export function globToRegExp(glob: string): { pattern: RegExp } | { error: string } {
  if (glob.length > LONGEST) return { error: `it is longer than ${LONGEST} characters` };
  if (glob.startsWith('!')) return { error: 'exceptions with ! are not supported: name what is meant' };
  const braces = expandBraces(glob);
  if (!braces || braces.length > 100) return { error: 'its {…} lists are not closed, or stand for too much' };
  const state = { groups: 0 };
  const alternatives: string[] = [];
  for (const one of braces) {
    const folder = one.endsWith('/');
    const parts = one.split('/').filter((part, i, all) => part !== '' && !(part === '**' && all[i + 1] === '**'));
    if (parts.length === 0) return { error: 'it names nothing' };
    if (parts.filter((part) => part === '**').length > MOST_DEEP)
      return { error: `** stands in it more than ${MOST_DEEP} times` };
    const anchored = one.replace(/\/$/, '').includes('/');
    const last = parts.length - 1;
    const body = parts.map((part, i) => {
      if (part === '**') return i === last ? '.+' : '(?:[^/]+/)*';
      const segment = translateSegment(part, state);
      return segment === undefined ? undefined : segment + (i === last ? (folder ? '/' : '(?:/|$)') : '/');
    });
    if (body.includes(undefined)) return { error: 'it has a [ without a ], or a class that is not valid' };
    alternatives.push((anchored ? '' : '(?:[^/]+/)*') + body.join(''));
  }
  try {
    return { pattern: new RegExp(`^(?:${alternatives.join('|')})`) };
  } catch {
    return { error: 'it has a class that is not valid' };
  }
}

/** One path segment. All stars but the last take the shortest way and never go back, so the time stays linear. */
function translateSegment(segment: string, state: { groups: number }): string | undefined {
  const pieces = [''];
  for (let i = 0; i < segment.length; i++) {
    const char = segment[i]!;
    if (char === '*') {
      if (i === 0 || segment[i - 1] !== '*' || pieces.at(-1) !== '') pieces.push('');
      continue;
    }
    let text = /[\\^$.*+?()[\]{}|]/.test(char) ? `\\${char}` : char;
    if (char === '?') text = '[^/]';
    else if (char === '\\' && i + 1 < segment.length) text = segment[++i]!.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
    else if (char === '[') {
      const close = segment.indexOf(']', i + (/^\[[!^]?\]/.exec(segment.slice(i))?.[0].length ?? 1));
      if (close < 0) return undefined;
      const inside = segment
        .slice(i + 1, close)
        .replace(/^[!^]/, '')
        .replace(/[[\]\\^]/g, '\\$&');
      text = `${/^[!^]/.test(segment.slice(i + 1)) ? '(?!/)[^' : '['}${inside}]`;
      i = close;
    }
    pieces[pieces.length - 1] += text;
  }
  const [head, ...rest] = pieces;
  return rest.reduce((out, piece, i) => {
    if (i === rest.length - 1) return `${out}[^/]*${piece}`;
    return `${out}(?=([^/]*?${piece}))\\${++state.groups}`;
  }, head!);
}

/** `a{b,c}` → `ab`, `ac`; undefined when a brace is left open. */
function expandBraces(glob: string): string[] | undefined {
  const open = /(?<!\\)\{/.exec(glob);
  if (!open) return [glob];
  const close = glob.indexOf('}', open.index);
  if (close < 0) return undefined;
  const inner = glob.slice(open.index + 1, close);
  if (inner.includes('{')) return undefined;
  const tails = expandBraces(glob.slice(close + 1));
  return (
    tails &&
    inner.split(',').flatMap((one) => tails.slice(0, 101).map((tail) => glob.slice(0, open.index) + one + tail))
  );
}
