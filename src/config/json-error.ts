const TOKEN =
  /[{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Where and why a text is not JSON. `JSON.parse` does not always say where, and quotes the text around it, which may
 * hold secrets.
 *
 * @returns 1-based line and column, and the reason
 */
export function findJsonError(text: string): { line: number; column: number; why: string } {
  const open: ('{' | '[')[] = [];
  // What may come next: a value, a key, the colon behind it, or what follows a value.
  let expected: 'value' | 'key' | 'colon' | 'after' = 'value';
  let fresh = false;
  let at = 0;
  let why = 'it ends too early';
  for (;;) {
    at += /^[ \t\r\n]*/.exec(text.slice(at))![0].length;
    if (at >= text.length) break;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    const first = token?.[0];
    const closes = first === '}' || first === ']';
    const inside = open.at(-1);
    if (closes && (inside === '{') === (first === '}') && inside && (fresh || expected === 'after')) {
      open.pop();
      expected = 'after';
      fresh = false;
    } else if (expected === 'after' && first === ',' && inside) expected = inside === '{' ? 'key' : 'value';
    else if (expected === 'colon' && first === ':') expected = 'value';
    else if (expected === 'key' && first === '"') expected = 'colon';
    else if (expected === 'value' && (first === '{' || first === '[')) {
      open.push(first);
      expected = first === '{' ? 'key' : 'value';
      fresh = true;
      at += 1;
      continue;
    } else if (expected === 'value' && first && !/[{}[\],:]/.test(first)) expected = 'after';
    else {
      why = describe({ expected, inside, afterComma: !fresh, closes, comment: /^\/[/*]/.test(text.slice(at, at + 2)) });
      break;
    }
    fresh = false;
    at += token!.length;
  }
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1, why };
}

function describe(input: {
  expected: string;
  inside: string | undefined;
  afterComma: boolean;
  closes: boolean;
  comment: boolean;
}): string {
  if (input.comment) return 'comments are not allowed in JSON';
  if (input.closes && input.afterComma && input.expected !== 'colon') return 'a comma or a bracket too many';
  if (input.expected === 'after')
    return input.inside ? 'a comma or the closing bracket is missing' : 'there is text behind the end';
  if (input.expected === 'key') return 'a name in double quotes is missing';
  return input.expected === 'colon' ? 'a colon is missing' : 'a value is missing or not valid';
}
