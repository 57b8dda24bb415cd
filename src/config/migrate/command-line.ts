import type { Peer } from './setup.ts';

/** How the programs are called. */
const PROGRAMS: Readonly<Record<string, Peer>> = {
  gitleaks: 'gitleaks',
  'detect-secrets': 'detect-secrets',
  'detect-secrets-hook': 'detect-secrets',
  secretlint: 'secretlint',
  trufflehog: 'trufflehog',
};
/** What may stand before the name of a program. */
const STARTERS = new Set(
  'npx pnpm pnpx yarn bunx bun exec dlx run uvx uv uvrun pipx poetry python python3 -m -y --yes --no-install --no sudo env command'.split(
    ' ',
  ),
);

/** A line of shell that does nothing but start one of the peers. */
export interface PeerCommand {
  peer: Peer;
  args: string[];
  /** Nothing else is in the line. */
  isAlone: boolean;
}

/** The peer that a line of shell starts, if it starts one. */
export function peerCommand(line: string): PeerCommand | undefined {
  const words = shellWords(line);
  if (!words) return undefined;
  for (const [i, word] of words.entries()) {
    const name = word.replace(/^.*\//, '').replace(/@[\w.^~-]+$/, '');
    const peer = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
    if (peer === undefined) continue;
    const from = words.slice(0, i).findLastIndex((one) => SEPARATORS.includes(one)) + 1;
    if (!words.slice(from, i).every((one) => STARTERS.has(one) || /^\w+=/.test(one))) continue;
    const end = words.findIndex((one, at) => at > i && SEPARATORS.includes(one));
    const args = words.slice(i + 1, end < 0 ? undefined : end);
    return { peer, args, isAlone: from === 0 && end < 0 };
  }
  return undefined;
}

const SEPARATORS = ['&&', '||', ';', '|', '&', '(', ')', '{', '}', 'then', 'else', 'do', '!', 'if'];

/** The words of a line of shell, quotes taken off; undefined for a comment, or when a quote is left open. */
export function shellWords(line: string): string[] | undefined {
  const words: string[] = [];
  const token = /\s*(?:(#.*$)|(&&|\|\||[;|&()])|((?:[^\s"'\\;|&()]|\\.|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+))/y;
  for (let at = 0; ; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(line);
    if (!match) return line.slice(at).trim() === '' ? words : undefined;
    if (match[1] !== undefined) return words;
    words.push(match[2] ?? unquoted(match[3]!));
  }
}

/** The values of options: `--name value`, `--name=value`. */
export function optionValues(args: readonly string[], ...names: string[]): string[] {
  return args.flatMap((arg, i) => {
    const name = names.find((one) => arg === one || arg.startsWith(`${one}=`));
    if (name === undefined) return [];
    const value = arg === name ? args[i + 1] : arg.slice(name.length + 1);
    return value === undefined ? [] : [value];
  });
}

function unquoted(word: string): string {
  return word.replace(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\(.)/g, (_, double, single, escaped) => {
    if (double !== undefined) return (double as string).replace(/\\(["\\$`])/g, '$1');
    return (single as string | undefined) ?? (escaped as string);
  });
}
