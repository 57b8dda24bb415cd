import type { MarkerPeer, MarkerSettings } from '../../types.ts';

/** A marker as it stands in a text. */
export interface Marker {
  /** As written, rules included: `sss:allow[generic-*]`. */
  text: string;
  /** What it covers: its own line, the next one, or all from `start` to `end`. `unknown` is none that we know. */
  kind: 'line' | 'next-line' | 'start' | 'end' | 'unknown';
  isOwn: boolean;
  /** Ids of rules, `*` for any text; absent: it is for all. */
  rules?: readonly string[];
  hasReason: boolean;
  start: number;
  end: number;
}

/** One pattern for each peer; the group `kind` says what it is where there are several. */
const PEERS: Readonly<Record<MarkerPeer, string>> = {
  gitleaks: 'gitleaks:allow',
  betterleaks: 'betterleaks:allow',
  trufflehog: 'trufflehog:ignore',
  kingfisher: 'kingfisher:(?:ignore|allow)',
  'detect-secrets': 'pragma: ?(?:allow|white)list[ -](?:nextline[ -])?secret',
  secretlint: 'secretlint-(?:disable|enable)(?:-next-line|-line)?',
  ggshield: 'ggignore',
};
const OWN = 'sss:allow(?:-[a-z-]+)?(?:\\[[\\w.*, \\t-]{0,500}\\])?';
const OWN_KINDS: Readonly<Record<string, Marker['kind']>> = {
  '': 'line',
  '-line': 'line',
  '-next-line': 'next-line',
  '-start': 'start',
  '-end': 'end',
};

/** Ids of secretlint's rules that are not simply called by the provider. */
const SECRETLINT_RULES: Readonly<Record<string, readonly string[]>> = {
  basicauth: ['url-credentials'],
  'database-connection-string': ['url-credentials', 'generic-connection*'],
  gcp: ['google-*', 'gcp-*'],
  privatekey: ['private-key*'],
};
/** So many markers of a text count. */
export const MOST_MARKERS = 10_000;
/** A comment ends here, and what is said in it. */
const COMMENT_END = /\*\/|-->|--%>|#\}|%\}|\n|$/;

/** The markers of a text that are to be honoured, in their order; no more than {@link MOST_MARKERS}, and one. */
export function markersIn(text: string, { own, peers }: MarkerSettings): Marker[] {
  const patterns = [...(own ? [OWN] : []), ...peers.map((peer) => PEERS[peer])];
  if (patterns.length === 0) return [];
  // No part of a longer word: `my-gitleaks:allowed` is none.
  const all = new RegExp(`(?<![\\w:-])(?:${patterns.join('|')})(?![\\w-])`, 'gi');
  const found: RegExpExecArray[] = [];
  for (const match of text.matchAll(all)) if (found.push(match) > MOST_MARKERS) break;
  return found.map(({ 0: written, index }, i) => {
    const end = index + written.length;
    const rest = text.slice(end, found[i + 1]?.index);
    return { ...read(written, lineRest(rest)), text: written, start: index, end };
  });
}

function lineRest(rest: string): string {
  return rest.slice(0, COMMENT_END.exec(rest)!.index);
}

function read(written: string, rest: string): Omit<Marker, 'text' | 'start' | 'end'> {
  const lower = written.toLowerCase();
  const hasReason = /[\p{L}\p{N}]{2}/u.test(rest);
  if (lower.startsWith('sss:')) {
    const [, verb = '', list] = /^sss:allow(-[a-z-]+)?(?:\[(.*)\])?$/i.exec(written)!;
    const rules = list?.split(/[\s,]+/).filter((id) => id !== '');
    return {
      kind: OWN_KINDS[verb.toLowerCase()] ?? 'unknown',
      isOwn: true,
      hasReason,
      ...(rules?.length ? { rules } : {}),
    };
  }
  if (lower.startsWith('secretlint-')) return readSecretlint(lower, rest);
  return { kind: lower.includes('nextline') ? 'next-line' : 'line', isOwn: false, hasReason };
}

/** `secretlint-disable-next-line @secretlint/secretlint-rule-github -- reason`. */
function readSecretlint(lower: string, rest: string): Omit<Marker, 'text' | 'start' | 'end'> {
  const [list = '', reason = ''] = rest.split(/\s--\s/, 2);
  const ids = list.match(/@[\w./-]+|secretlint-rule-[\w-]+/g) ?? [];
  const rules = ids.flatMap((id) => {
    const name = id.replace(/^.*secretlint-rule-/, '');
    return SECRETLINT_RULES[name] ?? [`${name}-*`];
  });
  const kind = lower.endsWith('-next-line')
    ? 'next-line'
    : lower.endsWith('-line')
      ? 'line'
      : lower.endsWith('-enable')
        ? 'end'
        : 'start';
  const hasReason = /[\p{L}\p{N}]{2}/u.test(ids.length > 0 ? reason : rest);
  return { kind, isOwn: false, hasReason, ...(rules.length > 0 ? { rules } : {}) };
}
