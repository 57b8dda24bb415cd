import { plain } from '../findings/redact.ts';
import type { GuidanceLine } from './guidance.ts';
import { inWords } from './guidance.ts';
import type { Reflected } from './reflect.ts';
import type { Choice, TicketVerdict } from './types.ts';

/** A comment of GitHub takes 65,536 characters. */
const LONGEST = 60_000;
const MOST_SHOWN = 20;
const MOST_REFUSED = 10;

const ADVICE =
  'Take each value out of the file, and revoke it if anybody else could have read it: a later commit does not undo that. ' +
  'What is no secret can be allowed by its fingerprint, or labelled `pass` in a ticket, so that the review learns from it.';

/** The report as people read it, fit for a comment on a pull request. */
export function renderMarkdown(input: {
  verdicts: readonly TicketVerdict[];
  reflected: Reflected | undefined;
  guidance: readonly GuidanceLine[];
  notes: readonly string[];
  /** How it was judged: `sss-llama-4x256, balanced`. */
  by: string;
}): string {
  const { verdicts, reflected, guidance, notes, by } = input;
  const failed = verdicts.filter(({ verdict }) => verdict === 'fail');
  const head = [
    `## Secrets review: ${failed.length === 0 ? 'pass' : 'fail'}`,
    '',
    summary(verdicts),
    ...notes.map((text) => `\n> ${words(text)}`),
    '',
    '| ticket | verdict | secrets | in doubt | texts |',
    '| --- | --- | --- | --- | --- |',
  ];
  const rows = verdicts.map(
    (one) =>
      `| ${code(one.ticket)} | **${one.verdict}**${one.incomplete ? ' (not read in full)' : ''} | ${one.failing.length} | ${one.doubtful.length} | ${one.texts} |`,
  );
  const byId = new Map(guidance.map((line) => [line.id, line]));
  const details = [...failed, ...verdicts.filter((one) => one.verdict === 'pass' && needsWords(one))].map((one) =>
    detail(one, byId),
  );
  const foot = [
    ...(verdicts.some(({ failing }) => failing.length > 0) ? ['', ADVICE] : []),
    ...['', `Judged by ${words(by)}. Values are masked.`, ''],
  ];
  return fitted({ head, rows, details: [...details, ...learned(reflected)], foot });
}

function summary(verdicts: readonly TicketVerdict[]): string {
  const failed = verdicts.filter(({ verdict }) => verdict === 'fail').length;
  const secrets = verdicts.reduce((sum, { failing }) => sum + failing.length, 0);
  const tickets = verdicts.length === 1 ? '1 ticket' : `${verdicts.length} tickets`;
  return failed === 0
    ? `${tickets}: nothing that most votes take for a secret.`
    : `${failed} of ${tickets} ${failed === 1 ? 'fails' : 'fail'}; ${secrets === 1 ? '1 secret' : `${secrets} secrets`}.`;
}

/** As much as fits: what is left out is told. */
function fitted(input: { head: string[]; rows: string[]; details: string[]; foot: string[] }): string {
  const { head, rows, details, foot } = input;
  const out = [...head];
  let room = LONGEST - [...head, ...foot].join('\n').length - 500;
  const put = (parts: readonly string[], what: string) => {
    for (const [i, part] of parts.entries()) {
      room -= part.length + 1;
      if (room < 0) {
        out.push('', `… and ${parts.length - i} more ${what}: see \`verdicts.jsonl\`.`);
        return;
      }
      out.push(part);
    }
  };
  put(rows, 'tickets');
  put(details, 'sections');
  return [...out, ...foot].join('\n');
}

function needsWords({ doubtful, notes, expected, verdict, skipped }: TicketVerdict): boolean {
  return (
    doubtful.length > 0 || notes.length > 0 || skipped.length > 0 || (expected !== undefined && expected !== verdict)
  );
}

function detail(one: TicketVerdict, guidance: ReadonlyMap<string, GuidanceLine>): string {
  const { ticket, kind, ref, verdict, failing, doubtful, skipped, notes, expected } = one;
  const lines = ['', `### ${code(ticket)}: ${verdict}`, '', `${words(kind)} ${code(ref)}`];
  if (expected !== undefined && expected !== verdict) lines.push('', `A person says **${expected}**.`);
  for (const text of notes) lines.push('', `> ${words(text)}`);
  list(lines, '', failing, guidance);
  list(lines, 'In doubt, and let pass:', doubtful, guidance);
  if (skipped.length > 0) {
    lines.push('', 'Not read:', '');
    for (const { path, reason } of skipped.slice(0, MOST_SHOWN)) lines.push(`- ${code(path)}: ${words(reason)}`);
    if (skipped.length > MOST_SHOWN) lines.push(`- … and ${skipped.length - MOST_SHOWN} more`);
  }
  return lines.join('\n');
}

function list(
  lines: string[],
  title: string,
  choices: readonly Choice[],
  guidance: ReadonlyMap<string, GuidanceLine>,
): void {
  if (choices.length === 0) return;
  lines.push('', ...(title === '' ? [] : [title, '']));
  for (const choice of choices.slice(0, MOST_SHOWN)) lines.push(...told(choice, guidance));
  if (choices.length > MOST_SHOWN) lines.push(`- … and ${choices.length - MOST_SHOWN} more`);
}

function told(choice: Choice, guidance: ReadonlyMap<string, GuidanceLine>): string[] {
  const { seen, votes, probability, settledBy, reasons = [] } = choice;
  const name = seen.name === undefined ? '' : ` bound to ${code(seen.name)}`;
  const commit = seen.commit === undefined ? '' : ` in ${code(seen.commit.slice(0, 10))}`;
  const line = choice.guidance === undefined ? undefined : guidance.get(choice.guidance);
  const how =
    settledBy === 'checksum'
      ? 'its checksum or structure settles it'
      : settledBy === 'allowlist'
        ? 'the configuration allows it'
        : line
          ? `guidance ${code(line.id)}: ${words(inWords(line))}`
          : `${votes.secret} of ${votes.all} votes for a secret, ${Math.round(probability * 100)} % on average`;
  return [
    `- ${code(`${seen.path}:${seen.line}:${seen.column}`)}${commit}: ${words(seen.description)} ${code(seen.secret)}${name}`,
    `  - ${how}`,
    `  - ${words(seen.reason)}`,
    ...reasons.map((reason) => `  - the large language model: ${words(reason)}`),
    `  - fingerprint ${code(seen.fingerprint)}`,
  ];
}

function learned(reflected: Reflected | undefined): string[] {
  if (!reflected) return [];
  const { reflections, wrongBefore, wrongAfter, left } = reflected;
  const kept = reflections.filter(({ decision }) => decision !== 'refused');
  const refused = reflections.filter(({ decision }) => decision === 'refused');
  const lines = [
    '',
    '### What was learned',
    '',
    `Labelled tickets that were wrong: ${wrongBefore.length}, now ${wrongAfter.length}.`,
    '',
  ];
  for (const one of kept) {
    const { held, wrongBefore: before, wrongAfter: after } = one.effect;
    const action = one.decision === 'kept' ? 'added' : 'retired';
    const what = inWords({ ...one, changes: [{ revision: 1, action: 'added', because: one.why }] });
    lines.push(
      `- ${action} ${code(one.id)}: ${words(what)}; of ${held} held tickets ${before} wrong before, ${after} after`,
    );
  }
  if (refused.length > 0) {
    lines.push(`- refused: ${refused.length} ${refused.length === 1 ? 'line' : 'lines'} (all in \`reflection.jsonl\`)`);
    for (const one of refused.slice(0, MOST_REFUSED)) {
      const { treat, path, name, rule, shape } = one;
      lines.push(`  - ${code(JSON.stringify({ treat, path, rule, name, shape }))}: ${words(one.why)}`);
    }
  }
  if (left > 0) lines.push(`- not measured: ${left} more lines; correct fewer tickets at a time`);
  return [lines.join('\n')];
}

/** Text that nobody has written in Markdown, as code: it can neither break out nor call anybody. */
function code(text: string): string {
  return `\`${plain(text).replaceAll('`', "'").replaceAll('|', '\\|') || ' '}\``;
}

/** The same outside of code: what has a meaning in Markdown, HTML or a mention is escaped. Code that stands in it stays. */
function words(text: string): string {
  return plain(text)
    .split('`')
    .map((part, i) =>
      i % 2 === 1 ? `\`${part}\`` : part.replace(/[\\*_[\]<>#|~]/g, '\\$&').replaceAll('@', '@\u200b'),
    )
    .join('');
}
