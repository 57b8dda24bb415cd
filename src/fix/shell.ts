import type { Drafted, Target } from './types.ts';

/** What a place in a shell script is in. */
interface Setting {
  kind: 'code' | 'double' | 'single' | 'expansion' | 'comment' | 'heredoc' | 'as-written';
  /** Of single quotes: where they are. */
  start: number;
  end: number;
}

interface Frame {
  kind: 'code' | 'double' | 'expansion';
  close: string | undefined;
}

const WHY: Partial<Record<Setting['kind'], string>> = {
  comment: 'it stands in a comment',
  'as-written': 'it stands in a text that is taken as it is written',
};

/** Shell: `"${NAME:?}"`, which stops the script where the variable is missing. */
export function inShell(text: string, target: Target): Drafted {
  const { start, end, name } = target;
  const value = text.slice(start, end);
  const setting = settingAt(text, target);
  const why = setting ? WHY[setting.kind] : 'it takes up more than a word or a string';
  if (!setting || why) return { refused: why!, todo: 'take it out by hand, or mask it: sss fix --mask' };
  if (setting.kind === 'single') {
    const isWhole = setting.start + 1 === start && setting.end - 1 === end;
    if (isWhole) return { edits: [{ start: setting.start, end: setting.end, text: `"\${${name}:?}"` }], name };
    return { edits: [{ start, end, text: `'"\${${name}:?}"'` }], name };
  }
  if (/["'`$\\\s]/.test(value)) return { refused: 'the shell would read more into it than its characters' };
  if (setting.kind === 'expansion') return asDefault(text, target);
  const put = setting.kind === 'code' ? `"\${${name}:?}"` : `\${${name}:?}`;
  return { edits: [{ start, end, text: put }], name };
}

/** `${TOKEN:-…}` asks the environment already: what is used where it has no answer goes. */
export function asDefault(text: string, { start, end }: Pick<Target, 'start' | 'end'>): Drafted {
  const before = /\$\{([A-Za-z_]\w*)(:?[-=]["']?)$/.exec(text.slice(Math.max(0, start - 200), start));
  const after = /^["']?(?=\})/.exec(text.slice(end, end + 2));
  if (!before || !after) return { refused: 'it is a part of an expansion' };
  return { edits: [{ start: start - before[2]!.length, end: end + after[0].length, text: ':?' }], name: before[1]! };
}

/** Whether a script sets a variable of that name anywhere but in the word that holds the value. */
export function setsOtherwise(text: string, { start }: Pick<Target, 'start'>, name: string): boolean {
  const own = /(?:^|[\s;&|(])(\w+)=["']?[^\s"';&|]*$/.exec(text.slice(Math.max(0, start - 200), start));
  const ownAt = own?.[1] === name ? start - own[0].length + own[0].indexOf(name) : -1;
  const setting = new RegExp(String.raw`(?<![\w$-])${name}\+?=|\bread\s[^\n;|&]*\b${name}\b|\bfor\s+${name}\b`, 'g');
  return [...text.matchAll(setting)].some((found) => found.index !== ownAt);
}

/** What a span stands in, or undefined where that changes within it. */
function settingAt(text: string, { start, end }: Target): Setting | undefined {
  const frames: Frame[] = [{ kind: 'code', close: undefined }];
  const heredocs: { word: string; quoted: boolean; tabs: boolean }[] = [];
  for (let i = 0; i < text.length && i <= start; ) {
    const frame = frames.at(-1)!;
    if (i === start) return { kind: frame.kind, start, end };
    const two = text.slice(i, i + 2);
    if (text[i] === '\\') i += 2;
    else if (frame.kind === 'double' && text[i] === '"') {
      frames.pop();
      i++;
    } else if (frame.close !== undefined && text[i] === frame.close) {
      frames.pop();
      i++;
    } else if (two === '$(' || two === '${') {
      frames.push(two === '$(' ? { kind: 'code', close: ')' } : { kind: 'expansion', close: '}' });
      i += 2;
    } else if (text[i] === '`') {
      frames.push({ kind: 'code', close: '`' });
      i++;
    } else if (frame.kind === 'double') i++;
    else if (text[i] === '"') {
      frames.push({ kind: 'double', close: undefined });
      i++;
    } else if (text[i] === "'") {
      const isAnsi = text[i - 1] === '$';
      const close = isAnsi ? endOfAnsi(text, i + 1) : text.indexOf("'", i + 1);
      const to = close < 0 ? text.length : close + 1;
      if (start < to) return end < to ? { kind: isAnsi ? 'as-written' : 'single', start: i, end: to } : undefined;
      i = to;
    } else if (frame.kind === 'code' && text[i] === '#' && /^$|[\s;&|()]/.test(text[i - 1] ?? '')) {
      const newline = text.indexOf('\n', i);
      const to = newline < 0 ? text.length : newline;
      if (start < to) return { kind: 'comment', start: i, end: to };
      i = to;
    } else if (frame.kind === 'code' && two === '((' && text[i - 1] !== '$') {
      i += 2;
    } else if (frame.kind === 'code' && text[i] === '(') {
      frames.push({ kind: 'code', close: ')' });
      i++;
    } else if (frame.kind === 'code' && two === '<<' && text[i + 2] !== '<') {
      const found = /<<(-?)[ \t]*(?:\\(\w+)|'([^'\n]+)'|"([^"\n]+)"|([A-Za-z_][\w.-]*))/y;
      found.lastIndex = i;
      const match = found.exec(text);
      if (match) {
        const [, tabs, escaped, single, double, plain] = match;
        heredocs.push({
          word: (escaped ?? single ?? double ?? plain)!,
          quoted: plain === undefined,
          tabs: tabs === '-',
        });
      }
      i += match ? match[0].length : 2;
    } else if (text[i] === '\n' && heredocs.length > 0) {
      i++;
      for (const heredoc of heredocs.splice(0)) {
        const to = endOfHeredoc(text, i, heredoc);
        if (start < to) return { kind: heredoc.quoted ? 'as-written' : 'heredoc', start: i, end: to };
        i = to;
      }
    } else if (two === '<<') i += 3;
    else i++;
  }
  return undefined;
}

function endOfAnsi(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === "'") return i;
  }
  return -1;
}

/** Where the line with the closing word ends. */
function endOfHeredoc(text: string, from: number, { word, tabs }: { word: string; tabs: boolean }): number {
  for (let at = from; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end).replace(/\r$/, '');
    if ((tabs ? line.replace(/^\t+/, '') : line) === word) return end;
    at = end + 1;
  }
  return text.length;
}
