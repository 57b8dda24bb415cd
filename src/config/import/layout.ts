/** A place in a pattern of the flag `x`, in force until the group around it ends. */
interface Scope {
  verbose: boolean;
}

/**
 * A pattern of Rust's `regex` in the form that Go's has: the layout that the flag `x` allows is taken out (blanks, line
 * ends and comments, inside classes as well), and so are the flags `x` and `u`, which then say nothing.
 */
export function withoutLayout(source: string): string {
  const scopes: Scope[] = [{ verbose: false }];
  let out = '';
  let inClass = 0;
  for (let at = 0; at < source.length; ) {
    const scope = scopes.at(-1)!;
    const char = source[at]!;
    const flags =
      inClass === 0 && char === '(' ? /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/.exec(source.slice(at, at + 24)) : null;
    if (char === '\\') {
      out += source.slice(at, at + 2);
      at += 2;
    } else if (flags) {
      const verbose = flags[1]!.includes('x') || (scope.verbose && !(flags[2] ?? '').includes('x'));
      if (flags[3] === ')') scope.verbose = verbose;
      else scopes.push({ verbose });
      out += withFlags({ on: flags[1]!, off: flags[2] ?? '', end: flags[3]! });
      at += flags[0].length;
    } else if (scope.verbose && /\s/.test(char)) at++;
    else if (scope.verbose && inClass === 0 && char === '#') {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end + 1;
    } else {
      if (char === '[') inClass = inClass > 0 && source[at + 1] !== ':' ? inClass : inClass + 1;
      else if (char === ']' && inClass > 0) inClass--;
      else if (inClass === 0 && char === '(') scopes.push({ ...scope });
      else if (inClass === 0 && char === ')' && scopes.length > 1) scopes.pop();
      out += char;
      at++;
      // A `]` that comes first stands for itself.
      const first = char === '[' && inClass === 1 ? /^\^?\]/.exec(source.slice(at, at + 2))?.[0] : undefined;
      out += first ?? '';
      at += first?.length ?? 0;
    }
  }
  return out;
}

function withFlags({ on, off, end }: { on: string; off: string; end: string }): string {
  const [set, unset] = [on, off].map((flags) => flags.replace(/[xu]/g, ''));
  if (!set && !unset) return end === ':' ? '(?:' : '';
  return `(?${set}${unset ? `-${unset}` : ''}${end}`;
}
