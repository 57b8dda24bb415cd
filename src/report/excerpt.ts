import type { Context, ContextLine } from '../findings/context.ts';
import { MASK, plain } from '../findings/redact.ts';
import type { Finding } from '../types.ts';
import { displayWidth, shorten } from '../util/format.ts';

/** Marks texts by what they are; without colour they are left as they are. */
export interface Paint {
  error: (text: string) => string;
  warning: (text: string) => string;
  good: (text: string) => string;
  bold: (text: string) => string;
  dim: (text: string) => string;
}

/** ANSI colours, or none. The caller knows whether the terminal wants them. */
export function painter(color: boolean): Paint {
  const style = (on: number, off: number) => (text: string) => (color ? `\x1b[${on}m${text}\x1b[${off}m` : text);
  return { error: style(31, 39), warning: style(33, 39), good: style(32, 39), bold: style(1, 22), dim: style(2, 22) };
}

/**
 * The line of a finding, numbered, with `^^^^` under the value, and what stands around it where that is given:
 *
 *     12 | token = "ghp_********"
 *        |          ^^^^^^^^^^^^
 */
export function excerpt(input: { finding: Finding; paint: Paint; width: number; context?: Context }): string[] {
  const { finding, paint, width, context = { before: [], after: [], indent: 0 } } = input;
  const last = context.after.at(-1)?.line ?? finding.line;
  const digits = String(Math.max(last, finding.line)).length;
  const gutter = (number: number | string) => `  ${String(number).padStart(digits)} | `;
  const room = width - gutter('').length;
  const around = ({ line, text }: ContextLine) =>
    (paint.dim(gutter(line)) + shorten({ before: '', middle: '', after: plain(text), width: room })).trimEnd();
  const { before: start, middle, after } = split(finding);
  const before = start.startsWith('…') ? start : ' '.repeat(context.indent) + start;
  const line = shorten({ before, middle, after, width: room });
  // Only what stands before can have moved the value.
  const column = line.startsWith(before) ? before.length : line.indexOf(middle);
  const blanks = ' '.repeat(displayWidth(line.slice(0, column)));
  const marks = '^'.repeat(Math.max(1, Math.min(displayWidth(middle), room - blanks.length)));
  const more = finding.endLine > finding.line ? paint.dim(` to line ${finding.endLine}`) : '';
  return [
    ...context.before.map(around),
    paint.dim(gutter(finding.line)) + line,
    `${paint.dim(gutter(''))}${blanks}${paint.error(marks)}${more}`,
    ...context.after.map(around),
  ];
}

/** The preview, taken apart at the finding's own value. Where it cannot be found there, all of the line is the value. */
function split({ preview, secret }: Finding): { before: string; middle: string; after: string } {
  const line = plain(preview);
  // With --show-secrets, the line shows the first line of a longer value.
  for (const middle of [plain(secret), plain(secret.split('\n', 1)[0]!.trimEnd()), MASK]) {
    const at = middle === '' ? -1 : line.indexOf(middle);
    if (at >= 0) return { before: line.slice(0, at), middle, after: line.slice(at + middle.length) };
  }
  return { before: '', middle: line, after: '' };
}
