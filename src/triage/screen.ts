import { plain } from '../findings/redact.ts';
import { excerpt, type Paint } from '../report/excerpt.ts';
import { partText, place, sureness, titleOf } from '../report/words.ts';
import type { Decision } from '../types.ts';
import { displayWidth, formatCount, wrap } from '../util/format.ts';
import { WORDS } from './decisions.ts';
import { folderOf, type TriageItem } from './item.ts';
import { concerned, current, groups, shownItems, type TriageState } from './state.ts';

/** What fits on the terminal. */
export interface ScreenSize {
  columns: number;
  rows: number;
}

const KEYS = [
  'a accept (a real secret)',
  'f false alarm',
  'p placeholder',
  'h allow here',
  'e allow everywhere',
  's skip',
  'b back',
  'u undo',
  'g group',
  'r reason',
  '/ filter',
  '? help',
  'q quit',
];

const HELP = [
  'a  accept: a real secret. It stays reported until it is gone; it is not asked about again',
  'f  false alarm, p  placeholder: kept as feedback, which a model can be trained with. Scans still report it until it is allowed: `sss triage allow` does that for all of them',
  'h  allow here: its fingerprint goes into the configuration. This value in this file is not reported any more; any other one is',
  'e  allow everywhere: in all places where this value was found, or whatever its rule finds in its file or folder. What it covers is said before it is written',
  's  skip (space, right): on to the next one that is not decided',
  'b  back (left): to the one before',
  'u  undo: takes the last decision back, in the configuration, too',
  'g  group: the next decision is for all findings with this value, or for all of its rule in its folder',
  'r  reason: a few words that are kept with the next decision',
  '/  filter: words that the rule, the path or the description must have; * stands for any text; an empty one shows all',
  'q  quit (Ctrl-C): what was decided is written already, the rest is asked the next time',
];

/** What is on the screen, line by line: no more than fit, and nothing in them that acts on a terminal but colours. */
export function screen(state: TriageState, size: ScreenSize, paint: Paint): string[] {
  const width = Math.max(10, size.columns);
  const rows = Math.max(1, size.rows);
  const top = [paint.bold(fitted(headline(state), width))];
  const bottom = bottomOf(state, width, paint);
  const { mode } = state;
  if (mode.kind === 'help') {
    const lines = HELP.flatMap((line) => wrapped(line, width, 3));
    return [...top, '', ...lines, '', 'Any key goes back.'].slice(0, rows);
  }
  const { title, facts } = factsOf(state, width, paint);
  const room = rows - top.length - bottom.length - 2;
  const item = current(state);
  const around = Math.floor((room - title.length - facts.length - 3) / 2);
  const lines = [...title, ...excerptOf({ item, around, width, paint }), '', ...facts];
  const body = ['', ...lines.slice(0, Math.max(1, room))];
  const filler = Array.from({ length: Math.max(0, rows - top.length - body.length - bottom.length) }, () => '');
  // The keys stay in sight at the bottom; where there is no room for them, the finding comes first.
  return [...top, ...body, ...filler, ...bottom].slice(0, rows);
}

/** `Triage  12 of 87 · 9 decided · filter "aws"`. */
function headline(state: TriageState): string {
  const shown = shownItems(state);
  const number = shown.indexOf(current(state)) + 1;
  const decided = shown.filter(({ id }) => state.decided.has(id)).length;
  const filter = state.filter === '' ? '' : ` · filter "${plain(state.filter)}"`;
  return `Triage  ${number} of ${shown.length} · ${decided} decided${filter}`;
}

function excerptOf(input: { item: TriageItem; around: number; width: number; paint: Paint }): string[] {
  const { item, width, paint } = input;
  const { finding, context } = item;
  const around = Math.max(0, input.around);
  const cut = {
    ...context,
    before: around === 0 ? [] : context.before.slice(-around),
    after: context.after.slice(0, around),
  };
  return excerpt({ finding, paint, width, context: cut });
}

function factsOf(state: TriageState, width: number, paint: Paint) {
  const item = current(state);
  const { finding, more } = item;
  const { verdict, probability, decidedBy, severity, ruleId, parts = [] } = finding;
  const paragraph = (label: string, body: string) =>
    wrapped(body, width - 10).map((line, i) => `  ${paint.dim((i === 0 ? label : '').padEnd(6))}  ${line}`);
  const said = state.decided.get(item.id);
  const before = state.earlier.get(item.id);
  return {
    title: wrapped(`${place(finding)}  ${titleOf(finding)}`, width).map(paint.bold),
    facts: [
      ...paragraph('Is', `${verdict}, ${sureness(probability)}, by the ${decidedBy}; severity ${severity}`),
      ...paragraph('Why', plain(finding.reason)),
      ...paragraph('Rule', plain(ruleId)),
      ...parts.flatMap((part) => paragraph('With', partText(part))),
      ...(more.length > 0 ? paragraph('Also', placesOf(item)) : []),
      ...groupsOf(state).flatMap((line, i) => paragraph(i === 0 ? 'Like' : '', line)),
      ...(state.reason === '' ? [] : paragraph('Reason', plain(state.reason))),
      ...(said === undefined ? [] : paragraph('Now', asSaid(said))),
      ...(said !== undefined || before === undefined ? [] : paragraph('Before', asSaid(before))),
    ],
  };
}

function asSaid(decision: Decision): string {
  return `decided: ${WORDS[decision]}`;
}

function placesOf({ more }: TriageItem): string {
  const lines = more.slice(0, 8).map(({ line }) => line);
  return `on line ${lines.join(', ')}${more.length > 8 ? ` and ${more.length - 8} more` : ''} of this file`;
}

function groupsOf(state: TriageState): string[] {
  const item = current(state);
  return groups(state).map(({ scope, count }) => {
    const folder = folderOf(item);
    const what =
      scope === 'value'
        ? `${formatCount(count, 'finding')} with this value`
        : `${formatCount(count, 'finding')} of ${plain(item.finding.ruleId)} in ${folder === '' ? 'the root' : `${plain(folder)}/`}`;
    return scope === state.scope ? `» ${what}: the next decision is for all of them (g changes that)` : `${what} (g)`;
  });
}

function bottomOf(state: TriageState, width: number, paint: Paint): string[] {
  const { mode, message } = state;
  const told = message ? wrapped(message.text, width).map(message.isBad ? paint.warning : paint.good) : [];
  switch (mode.kind) {
    case 'confirm':
      return [...wrapped(plain(mode.question), width).map(paint.warning), paint.bold(fitted('y yes · n no', width))];
    case 'choose': {
      const lines = mode.choices.flatMap(({ covers }, i) => wrapped(`${i + 1}  let pass ${covers}`, width, 3));
      return [...lines, paint.bold(fitted('a number chooses · any other key goes back', width))];
    }
    case 'input': {
      // The end of what is typed stays in sight.
      const label = mode.what === 'filter' ? 'Filter: ' : 'Reason: ';
      const text = plain(mode.text);
      const line = `${label}${text}_`;
      const cut = displayWidth(line) > width ? `${label}…${text.slice(-Math.max(1, width - label.length - 2))}_` : line;
      return [fitted(cut, width), paint.dim(fitted('Enter takes it · Esc leaves it as it was', width))];
    }
    default: {
      const { length } = concerned(state);
      const group = length > 1 ? [paint.warning(fitted(`For all ${length}:`, width))] : [];
      return [...told, ...group, ...keyLines(width).map(paint.dim)];
    }
  }
}

/** As many keys on a line as fit. */
function keyLines(width: number): string[] {
  const lines: string[] = [];
  for (const key of KEYS) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 3 + key.length <= width)
      lines[lines.length - 1] = `${last} · ${key}`;
    else lines.push(fitted(key, width));
  }
  return lines;
}

/** Broken at blanks, and within words that are longer than a line. */
function wrapped(text: string, width: number, indent = 0): string[] {
  const least = Math.max(8, width - indent);
  return wrap(text, least)
    .flatMap((line) => broken(line, least))
    .map((line, i) => (i === 0 ? line : ' '.repeat(indent) + line));
}

function broken(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = '';
  let used = 0;
  for (const character of line) {
    const more = displayWidth(character);
    if (used + more > width) {
      lines.push(rest);
      rest = '';
      used = 0;
    }
    rest += character;
    used += more;
  }
  return [...lines, rest];
}

function fitted(text: string, width: number): string {
  return displayWidth(text) <= width ? text : `${broken(text, width - 1)[0]!}…`;
}
