import { mostSevereFirst } from '../findings/order.ts';
import { plain } from '../findings/redact.ts';
import type { Finding, Report } from '../types.ts';
import { displayWidth, formatCount, wrap } from '../util/format.ts';
import { howToGoOn, type Situation } from './advice.ts';
import { excerpt, type Paint, painter } from './excerpt.ts';
import type { RenderOptions } from './index.ts';
import {
  countFindings,
  countScanned,
  errorsOf,
  hiddenLines,
  partText,
  place,
  policyCounts,
  revokeAdvice,
  sureness,
  titleOf,
} from './words.ts';

/** As many lines as are on a usual screen, less a prompt. */
const SCREEN = 40;
const LINES_OF_FULL = 6;
const MOST_REASONS = 5;
const SHORTEST_TITLE = 20;
/** So few skipped inputs are named; of more, reasons are counted. */
const MOST_NAMED = 3;

/** For people: what a blocked user sees. */
export function text(report: Report, options: RenderOptions): string {
  const width = Math.min(120, Math.max(40, options.width ?? 80));
  const paint = painter(options.color === true);
  const situation = situationOf(report, options);
  const blocks = [
    ...(report.interrupted ? [[paint.warning('The scan was interrupted: this is what was found until then.')]] : []),
    ...errors({ report, paint, width }),
    ...(report.findings.length > 0 ? findings({ report, paint, width, situation }) : []),
    ...howToGoOn({ report, situation, paint, width }),
    closing({ report, paint, width }),
  ];
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}

/** Where the user stands decides on the advice: what blocks a commit is undone in another way than what is in the history. */
function situationOf({ findings }: Report, { command }: RenderOptions): Situation {
  if (command === 'pre-commit' || command === 'pre-push') return command;
  if (findings.some(({ source }) => source === 'history' || source === 'message')) return 'history';
  if (findings.some(({ source }) => source === 'range')) return 'range';
  return findings.length > 0 && findings.every(({ source }) => source === 'staged') ? 'staged' : 'files';
}

function errors({ report, paint, width }: { report: Report; paint: Paint; width: number }): string[][] {
  const list = errorsOf(report);
  if (list.length === 0) return [];
  const lines = list.flatMap(({ path, reason }) => wrap(`${plain(path)}: ${plain(reason)}`, width - 2));
  return [
    [paint.warning(`${formatCount(list.length, 'input')} could not be read:`), ...lines.map((line) => `  ${line}`)],
  ];
}

interface Shown {
  report: Report;
  paint: Paint;
  width: number;
  situation: Situation;
}

function findings({ report, paint, width, situation }: Shown): string[][] {
  const { findings: all } = report;
  const blocked =
    situation === 'pre-commit' ? 'The commit is blocked: ' : situation === 'pre-push' ? 'The push is blocked: ' : '';
  const header = wrap(`${blocked}${countFindings(report)} in ${plain(report.scope)}`, width).map(paint.error);
  // The worst in full and the others in a line each; those in full are fewer the more there are, never fewer than three.
  const room = SCREEN - 16 - all.length;
  const full = all.length <= 4 ? all.length : Math.min(all.length, Math.max(3, Math.floor(room / (LINES_OF_FULL - 1))));
  const worst = new Set(mostSevereFirst(all).slice(0, full));
  const rest = all.filter((finding) => !worst.has(finding));
  const blocks = all.filter((finding) => worst.has(finding)).map((finding) => inFull({ finding, paint, width }));
  const others = rest.map((finding) => inOneLine(finding, width));
  return [
    header,
    ...blocks,
    ...(others.length > 0 ? [[`And ${formatCount(rest.length, 'more', 'more')}:`, ...others]] : []),
  ];
}

/** Place, what it is, how severe: the middle is cut where that makes it fit, to a few words at least. */
function inOneLine(finding: Finding, width: number): string {
  const where = `  ${place(finding)}  `;
  const weight = `  [${finding.severity}, ${sureness(finding.probability)}]`;
  const title = titleOf(finding);
  const room = Math.max(SHORTEST_TITLE, width - displayWidth(where) - weight.length);
  return `${where}${title.length <= room ? title : `${title.slice(0, room - 1).replace(/[\s\p{Cs}]+$/u, '')}…`}${weight}`;
}

function inFull({ finding, paint, width }: { finding: Finding; paint: Paint; width: number }): string[] {
  const { commit, author, date, inHead, parts = [], related = [] } = finding;
  const paragraph = (label: string, body: string) =>
    wrap(body, width - 10).map((line, i) => `  ${paint.dim((i === 0 ? label : '').padEnd(6))}  ${line}`);
  const origin = [commit?.slice(0, 12), author, date?.slice(0, 10)].filter((part) => part !== undefined).map(plain);
  const head = inHead === undefined ? '' : inHead ? ' (still in HEAD)' : ' (no longer in HEAD)';
  return [
    ...wrap(`${place(finding)}  ${titleOf(finding)}`, width).map(paint.bold),
    ...excerpt({ finding, paint, width }),
    ...paragraph('Why', `${plain(finding.reason)} (${sureness(finding.probability)}, severity ${finding.severity})`),
    ...parts.flatMap((part, i) => paragraph(i === 0 ? 'With' : '', partText(part))),
    ...(origin.length > 0 ? paragraph('From', origin.join(', ') + head) : []),
    ...(related.length > 0 ? paragraph('Also', related.map(place).join(', ')) : []),
    ...paragraph('Revoke', finding.rotate === undefined ? revokeAdvice(finding) : plain(finding.rotate)),
  ];
}

function closing({ report, paint, width }: { report: Report; paint: Paint; width: number }): string[] {
  const clean = report.findings.length === 0;
  const isWhole = !report.interrupted && errorsOf(report).length === 0;
  const none = (report.statistics.hidden?.baseline ?? 0) > 0 ? 'No new secrets in' : 'No secrets in';
  const result = `${clean ? none : 'Scanned'} ${countScanned(report)}.`;
  return [
    clean && isWhole ? paint.good(result) : result,
    ...judgedLine(report).flatMap((line) => wrap(line, width)),
    ...leftOut(report).flatMap((line) => wrap(line, width)),
    ...hiddenLines(report).map((line) => `${line}.`),
  ];
}

function judgedLine({ statistics: { judge } }: Report): string[] {
  if (!judge || judge.judged === 0) return [];
  const { name, judged, raised, dropped } = judge;
  const came = raised + dropped === 0 ? 'it agrees' : `${raised} more and ${dropped} fewer are secrets by its word`;
  return [`${plain(name)} was asked about ${formatCount(judged, 'string')} in doubt: ${came}.`];
}

function leftOut(report: Report): string[] {
  const skipped = report.skipped.filter(({ kind }) => kind === 'policy');
  if (skipped.length <= MOST_NAMED) {
    // What is said of the whole is said of no file.
    return skipped.map(({ path, reason }) => `Skipped${path === '.' ? '' : ` ${plain(path)}`}: ${plain(reason)}.`);
  }
  const counts = policyCounts(report);
  const reasons = counts.slice(0, MOST_REASONS).map(([reason, count]) => `${count} × ${plain(reason)}`);
  if (counts.length > MOST_REASONS) reasons.push(`${formatCount(counts.length - MOST_REASONS, 'other reason')}`);
  return [`Skipped ${formatCount(skipped.length, 'input')}: ${reasons.join(', ')}.`];
}
