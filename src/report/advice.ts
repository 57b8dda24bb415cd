import type { Finding, Report } from '../types.ts';
import { wrap } from '../util/format.ts';
import type { Paint } from './excerpt.ts';
import { errorsOf, place } from './words.ts';

/** Where the text was found: decides how a secret is taken out of it. */
export type Situation = 'pre-commit' | 'pre-push' | 'staged' | 'range' | 'history' | 'files';

const INSTEAD = 'Read it from the environment or a secret store instead; `sss fix` does that where it is safe';
const REVOKE = 'If anyone else could have read the value, revoke it and make a new one';
const STEPS: Record<Situation, readonly string[]> = {
  'pre-commit': [
    `Remove the value from the file, then \`git add\` the file again. ${INSTEAD}.`,
    'To leave the file out of this commit: `git restore --staged <file>` (in a first commit: `git rm --cached <file>`)',
    `${REVOKE}.`,
  ],
  staged: [
    `Remove the value from the file, then \`git add\` the file again. ${INSTEAD}.`,
    'To leave the file out of the next commit: `git restore --staged <file>`',
    `${REVOKE}.`,
  ],
  'pre-push': [
    'Take the value out of the commits: `git commit --amend` for the last one, `git rebase -i` for earlier ones. A new commit that removes it is not enough: the old one would be pushed too.',
    `${REVOKE}.`,
  ],
  range: [
    'Take the value out of the commits: `git commit --amend` for the last one, `git rebase -i` for earlier ones.',
    `${REVOKE}. Once the commits were pushed, that comes first.`,
  ],
  history: [
    'Revoke the value first, and make a new one: everybody with a copy of the repository has it.',
    `Remove it from the files that still have it. ${INSTEAD}.`,
    'Taking it out of the history (`git filter-repo --replace-text`) changes every later commit: all clones and forks must follow. It does not replace revoking.',
  ],
  files: [`Remove the value from the file. ${INSTEAD}.`, `${REVOKE}. That goes for everything ever committed, too.`],
};

/** The closing block, said once: what to do, how to allow what is no secret, how to skip the check. */
export function howToGoOn(input: { report: Report; situation: Situation; paint: Paint; width: number }): string[][] {
  const { report, situation, paint, width } = input;
  const { findings } = report;
  const isHook = situation === 'pre-commit' || situation === 'pre-push';
  const isBlocked = isHook && (errorsOf(report).length > 0 || report.interrupted);
  if (findings.length === 0 && !isBlocked) return [];
  const item = (text: string) => unbroken(text, width - 4).map((line, i) => (i === 0 ? `  - ${line}` : `    ${line}`));
  const action = situation === 'pre-push' ? 'push' : 'commit';
  const blocked = `The ${action} is blocked, because not everything could be checked.`;
  return [
    ...(findings.length === 0 ? [[paint.error(blocked)]] : []),
    [
      paint.bold('What to do'),
      ...(findings.length > 0 ? STEPS[situation].flatMap(item) : item('Mend what could not be read, and try again.')),
      ...(findings.length > 0
        ? [
            ...item(
              'Not a secret? Write `sss:allow` and why into a comment on its line, or allow it in .smart-secrets-scanner.toml:',
            ),
            ...allowEntry(findings),
          ]
        : []),
      ...(isHook
        ? item(`To skip this check once: \`SSS_SKIP=1 git ${action} …\` or \`git ${action} --no-verify\``)
        : []),
    ],
  ];
}

/** Wrapped, without breaks inside of commands: they are there to be copied. */
function unbroken(text: string, width: number): string[] {
  const joined = text.replace(/`[^`]*`/g, (command) => command.replaceAll(' ', '\u00a0'));
  return wrap(joined, width).map((line) => line.replaceAll('\u00a0', ' '));
}

/** What to put into the configuration, ready to be copied. */
function allowEntry(findings: readonly Finding[]): string[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) if (!first.has(finding.fingerprint)) first.set(finding.fingerprint, finding);
  const unique = [...first.values()];
  const entry = (finding: Finding) => `"${finding.fingerprint}"`;
  if (unique.length === 1) return ['      [[allow]]', `      fingerprints = [${entry(unique[0]!)}]`];
  const listed = unique.length <= 4 ? unique : unique.slice(0, 1);
  const lines = listed.map((finding) => `        ${entry(finding)},  # ${place(finding)}`);
  const more = unique.length > listed.length ? ['        # the fingerprints of the others: --format jsonl'] : [];
  return ['      [[allow]]', '      fingerprints = [', ...lines, ...more, '      ]'];
}
