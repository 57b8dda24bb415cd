import { MASK, plain } from '../../findings/redact.ts';
import type { FileChange, Fixed, FixPlan, Left } from '../../fix/index.ts';
import { type Paint, painter } from '../../report/excerpt.ts';
import { place, revokeAdvice, titleOf } from '../../report/words.ts';
import type { Report } from '../../types.ts';
import { formatCount, wrap } from '../../util/format.ts';

interface Style {
  color: boolean;
  width: number;
}

/** What would be changed, and what would not. */
export function renderPlan({ plan, report, color, width }: { plan: FixPlan; report: Report } & Style): string {
  const paint = painter(color);
  const { changes, fixed, left, staged } = plan;
  const columns = Math.min(120, Math.max(40, width));
  const blocks = [
    [headline(plan, report, paint)],
    ...changes.map((change) => diffBlock(change, paint)),
    ...(left.length > 0
      ? [[paint.warning(changes.length > 0 ? 'Left as they are:' : 'Not fixed:'), ...leftLines(left, columns)]]
      : []),
    ...warnings({ fixed, staged, changes }).map((text) => wrap(text, columns).map(paint.warning)),
  ];
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n\n`;
}

function headline({ fixed, left }: FixPlan, { findings, scope }: Report, paint: Paint): string {
  const what = `${formatCount(findings.length, 'secret')} in ${plain(scope)}`;
  if (findings.length === 0) return paint.good(`No secrets in ${plain(scope)}: there is nothing to fix.`);
  if (fixed.length + left.length === 0) return `${what}, none of which was asked for.`;
  const files = new Set(fixed.map(({ target }) => target.finding.path)).size;
  return paint.bold(
    fixed.length === 0
      ? `${what}: none of them can be fixed here.`
      : `${what}: ${formatCount(fixed.length, 'value')} can be fixed in ${formatCount(files, 'file')}.`,
  );
}

/** A line that is nothing but a mask. */
function isMask(text: string): boolean {
  return [MASK, 'REDACTED', 'xxx'].includes(text.trim());
}

function diffBlock({ path, before, diff }: FileChange, paint: Paint): string[] {
  const name = plain(path);
  const isDiff = diff.some(({ kind }) => kind === '@');
  const head = isDiff ? [`--- ${name}`, `+++ ${name}`] : [`${name}${before === undefined ? ' (new)' : ''}`];
  const styles = { '@': paint.dim, '+': paint.good, '-': paint.error, ' ': (text: string) => text };
  const lines: string[] = [];
  for (let i = 0; i < diff.length; i++) {
    const { kind, text } = diff[i]!;
    // Of a value of many lines there is nothing to be seen.
    let last = i;
    while (isMask(text) && diff[last + 1]?.text === text && diff[last + 1]?.kind === kind) last++;
    const count = last > i ? ` (${last - i + 1} lines)` : '';
    lines.push(styles[kind](kind === '@' ? text : kind + text + count));
    i = last;
  }
  return [...head.map(paint.bold), ...lines];
}

/** So many places are named of each reason. */
const MOST_PLACES = 8;

/** What is left, by why: in the order of the first of each. */
function leftLines(left: readonly Left[], width: number): string[] {
  const reasons = new Map<string, string[]>();
  for (const { finding, refused, todo } of left) {
    const why = plain(todo === undefined ? refused : `${refused}: ${todo}`);
    reasons.set(why, [...(reasons.get(why) ?? []), `  ${place(finding)}  ${titleOf(finding)}`]);
  }
  return [...reasons].flatMap(([why, places]) => {
    const more = places.length - MOST_PLACES;
    return [
      ...places.slice(0, MOST_PLACES),
      ...(more > 0 ? [`  and ${formatCount(more, 'more', 'more')}; sss scan lists them`] : []),
      ...wrap(why, width - 6).map((text) => `      ${text}`),
    ];
  });
}

/** By its name, or that of a folder. */
function isTest(path: string): boolean {
  return /(?:^|\/)(?:__tests__|tests?|spec|e2e|fixtures?|testdata)\/|(?:[._-](?:test|spec)\.\w+$)|(?:^|\/)test_\w+\.py$/.test(
    path,
  );
}

function warnings(input: {
  fixed: readonly Fixed[];
  staged: readonly string[];
  changes: readonly FileChange[];
}): string[] {
  const { fixed, staged, changes } = input;
  const keeps = changes.some(({ mode }) => mode !== undefined);
  const choose =
    'Not a secret among them? Name the files to fix, or use --fingerprint; sss explain FILE:LINE says why.';
  const isMasked = fixed.every(({ name }) => name === undefined);
  const tests = isMasked ? [] : changes.filter(({ path }) => isTest(path));
  const lost = keeps ? [] : fixed.filter(({ isCommitted, isKeptOut }) => !isCommitted && !isKeptOut);
  return [
    ...(changes.length > 0 ? [choose] : []),
    ...(tests.length > 0
      ? [
          `Tests among these (${formatCount(tests.length, 'file')}) fail where the variables are not set: sss fix --mask puts a marker there instead.`,
        ]
      : []),
    ...(lost.length === 0
      ? []
      : [
          `In no commit, and nowhere once taken out: ${formatCount(lost.length, 'value')} of these. Keep what you need; --dotenv .env does.`,
        ]),
    ...(staged.length === 0
      ? []
      : [
          `Staged changes still have what they have: git add ${staged.map(plain).join(' ')} once the files are written.`,
        ]),
  ];
}

/** What is left to do once the files are written (or instead of that). */
export function renderRest(
  input: { plan: FixPlan; mask: boolean; envFile: string | undefined; written: boolean } & Style,
): string {
  const { plan, mask, envFile, written, color, width } = input;
  const { fixed, left } = plan;
  if (fixed.length + left.length === 0) return '';
  const paint = painter(color);
  const columns = Math.min(120, Math.max(40, width));
  const item = (text: string) => wrap(text, columns - 4).map((line, i) => (i === 0 ? `  - ${line}` : `    ${line}`));
  const lines = [...revokeItems(plan), ...(mask || !written ? [] : environmentItems(fixed, envFile))].flatMap(item);
  return `${[paint.bold('What is left to do'), ...lines, ...historyLines(plan, item)].join('\n')}\n`;
}

function revokeItems({ fixed, left }: FixPlan): string[] {
  const advice = new Map<string, string[]>();
  for (const { finding } of [...fixed.map(({ target }) => target), ...left]) {
    const text = revokeAdvice(finding);
    const places = advice.get(text) ?? [];
    if (!places.includes(place(finding))) places.push(place(finding));
    advice.set(text, places);
  }
  const few = (places: readonly string[]) =>
    places.length <= 3 ? places.join(', ') : `${places.slice(0, 2).join(', ')} and ${places.length - 2} more`;
  return [...advice].map(([text, places]) => `${few(places)}: ${text}`);
}

function environmentItems(fixed: readonly Fixed[], envFile: string | undefined): string[] {
  const list = (names: readonly string[]) => [...new Set(names)].sort().join(', ');
  const named = fixed.flatMap(({ name, isActionsSecret, isKeptOut }) =>
    name === undefined || isKeptOut ? [] : [{ name, isActionsSecret }],
  );
  const variables = named.filter(({ isActionsSecret }) => !isActionsSecret).map(({ name }) => name);
  const secrets = named.filter(({ isActionsSecret }) => isActionsSecret).map(({ name }) => name);
  const where =
    envFile === undefined
      ? 'Set with the new values, wherever this runs'
      : `Put the new values into ${plain(envFile)} and wherever else this runs`;
  return [
    ...(variables.length > 0 ? [`${where}: ${list(variables)}`] : []),
    ...[...new Set(secrets)].sort().map((name) => `Make a secret of the repository: gh secret set ${name}`),
  ];
}

/** Only what was committed is in the history. */
function historyLines({ fixed, head = 'HEAD' }: FixPlan, item: (text: string) => string[]): string[] {
  const paths = [...new Set(fixed.filter(({ isCommitted }) => isCommitted).map(({ target }) => target.finding.path))];
  if (paths.length === 0) return [];
  return [
    ...item(
      'The history still has what was committed, and everybody with a copy of it. Once the values are revoked, they can be taken out of it, after which all clones have to be made anew:',
    ),
    `      git show ${head}:./${plain(paths[0]!)}    # the old values: one a line into ../values.txt`,
    '      git filter-repo --replace-text ../values.txt',
    '      rm ../values.txt && git push --force --all && git push --force --tags',
  ];
}
