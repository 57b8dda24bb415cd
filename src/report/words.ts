import { plain } from '../findings/redact.ts';
import type { Finding, FindingPart, Location, Report, Skipped } from '../types.ts';
import { formatBytes, formatCount, formatDuration } from '../util/format.ts';

/** How sure the scanner is, in words: `87 % sure`. It never claims to be certain. */
export function sureness(probability: number): string {
  return probability >= 0.995 ? 'over 99 % sure' : `${Math.round(probability * 100)} % sure`;
}

/** What a finding is: `GitHub personal access token (db_token), decoded from base64`. Safe to print. */
export function titleOf({ description, name, way, parts = [] }: Finding): string {
  const what = name === undefined || name === '' ? description : `${description} (${name})`;
  const roles = [...new Set(parts.filter(({ ruleId }) => ruleId !== undefined).map(({ role }) => role))];
  const company = roles.length === 0 ? what : `${what} with its ${roles.join(' and ')}`;
  return plain(way === undefined ? company : `${company}, decoded from ${way}`);
}

/** What belongs to a finding, and where: `access key id AKIA********, config.py:3:12`. Safe to print. */
export function partText(part: FindingPart): string {
  return `${plain(part.role)} ${plain(part.text)}, ${place(part)}`;
}

/** `path:line:column`, which most terminals and editors open. */
export function place({ path, line, column }: Location): string {
  const safe = plain(path);
  // A line that starts with `::` or `##[` is a command to some CI servers.
  return `${/^[:#]/.test(safe) ? './' : ''}${safe}:${line}:${column}`;
}

/** What to do about a finding, in one or two sentences. Safe to print. */
export function adviceFor(finding: Finding): string {
  return plain(`Remove it from the file; if anyone else could have read it, ${revokeAdvice(finding)}.`);
}

type Revocable = Pick<Finding, 'provider' | 'ruleId' | 'description'> & { rotate?: string | undefined };

/** How to make a value worthless, by what it is; the first that fits. */
const REVOKING: readonly (readonly [pattern: RegExp, advice: (provider: string) => string])[] = [
  [/key material/i, () => 'make a new key; what was encrypted or signed with the old one has to be done again'],
  [
    /private.?key(?!.?id)|\bage secret key/i,
    () => 'make a new pair of keys, and remove the public key from whatever trusts the old one',
  ],
  [/webhook/i, (provider) => `delete the webhook ${provider}, and make a new one`],
  [/connection.?string|-url\b|in a url|command.?line/i, (provider) => `change the password ${provider}`],
  [/password|passphrase|basic.?auth/i, (provider) => `change the password ${provider}`],
  [/\bjwt\b|json web token/i, () => 'change the key that signs such tokens, or end the session'],
  [/salt|nonce/i, () => 'make a new one; what was made with the old one has to be made again'],
  [/storage.?bucket/i, () => 'see that nobody can read the bucket who should not'],
];
const NO_PROVIDER = /^(?:generic|database|private key|basic authentication|custom|jwt)$/i;

/** How to revoke what was found: the address where there is one, else what is done with its kind. Safe to print. */
export function revokeAdvice({ rotate, provider, ruleId, description }: Revocable): string {
  if (rotate !== undefined) return plain(`revoke it at ${rotate}`);
  const isKnown = provider !== '' && !NO_PROVIDER.test(provider);
  const what = `${ruleId} ${description}`;
  const special = REVOKING.find(([pattern]) => pattern.test(what))?.[1];
  if (special) return plain(special(isKnown ? `at ${provider}` : 'wherever it opens something'));
  return plain(`revoke it ${isKnown ? `at ${provider}` : 'where it was issued'}, and make a new one`);
}

/** `2 secrets`. */
export function countFindings(report: Report): string {
  return formatCount(report.findings.length, 'secret');
}

/** What was looked at: `12 files (34 kB, 0.2 s)`. */
export function countScanned({ scope, statistics }: Report): string {
  // The history is read blob by blob, and messages are no files either.
  const noun = /history|range|commit|message/i.test(scope) ? 'text' : 'file';
  return `${formatCount(statistics.chunks, noun)} (${formatBytes(statistics.bytes)}, ${formatDuration(statistics.elapsedMs)})`;
}

/** What is not told, and what lets it pass: `3 findings hidden by the baseline, 1 of them to be fixed`. */
export function hiddenLines({ statistics: { allowed, hidden } }: Pick<Report, 'statistics'>): string[] {
  const first = allowed > 0 ? [`${formatCount(allowed, 'finding')} allowed by the configuration`] : [];
  if (!hidden) return first;
  const { markers, ignoreFiles, baseline, toFix } = hidden;
  const line = (count: number, by: string) => (count > 0 ? [`${formatCount(count, 'finding')} hidden by ${by}`] : []);
  return [
    ...first,
    ...line(markers, 'markers'),
    ...line(ignoreFiles, 'ignore files of other scanners'),
    ...line(baseline, `the baseline${toFix > 0 ? `, ${toFix} of them to be fixed` : ''}`),
  ];
}

/** Inputs that should have been read and could not be: a clean result is not to be trusted. */
export function errorsOf(report: Report): readonly Skipped[] {
  return report.skipped.filter((skipped) => skipped.kind === 'error');
}

/** Inputs left out by a rule, counted by reason, most frequent first. */
export function policyCounts(report: Report): [reason: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { kind, reason } of report.skipped) {
    if (kind === 'policy') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** The address, if it is one that a reader may be sent to: rules may come from a repository that nobody trusts yet. */
export function webAddress(rotate: string | undefined): string | undefined {
  if (rotate === undefined || !URL.canParse(rotate)) return undefined;
  const url = new URL(rotate);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}
