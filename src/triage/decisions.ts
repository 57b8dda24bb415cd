import type { NewAllow } from '../config/edit/index.ts';
import { globToRegExp } from '../config/glob.ts';
import { fingerprint } from '../findings/fingerprint.ts';
import { MASK, plain } from '../findings/redact.ts';
import { place } from '../report/words.ts';
import type { Decision, FeedbackDecision, FeedbackRecord, VerdictLabel } from '../types.ts';
import { formatCount } from '../util/format.ts';
import { folderOf, type TriageItem } from './item.ts';

/** What a decision teaches. What is allowed is not to be reported: whatever it is, it is no secret worth a report. */
const LABELS: Readonly<Record<Decision, VerdictLabel>> = {
  accept: 'secret',
  'false-alarm': 'harmless',
  placeholder: 'placeholder',
  'allow-here': 'harmless',
  'allow-everywhere': 'harmless',
};

/** All decisions that there are. */
export const DECISIONS = Object.keys(LABELS) as Decision[];

/** A decision in words, behind "taken for": `a false alarm`. */
export const WORDS: Readonly<Record<Decision, string>> = {
  accept: 'a real secret',
  'false-alarm': 'a false alarm',
  placeholder: 'a placeholder',
  'allow-here': 'allowed here',
  'allow-everywhere': 'allowed everywhere',
};

/** Something to be done, as it is written down. */
export interface DecideRequest {
  kind: 'decide';
  decision: Decision;
  ids: readonly string[];
  reason: string;
  /** To be added to the configuration. */
  allow?: NewAllow;
}

/** One way to allow a finding elsewhere, too. */
export interface AllowChoice {
  /** What it covers, in words that are safe to print. */
  covers: string;
  ids: readonly string[];
  allow: NewAllow;
}

/** @throws UserError when the model cannot be asked */
export async function recordOf(
  item: TriageItem,
  { decision, reason, at }: { decision: FeedbackDecision; reason: string; at: string },
): Promise<FeedbackRecord> {
  const label = decision === 'undo' ? null : LABELS[decision];
  const folder = fingerprint({ ruleId: 'folder', logicalPath: '', value: folderOf(item) });
  const said = reason === '' ? {} : { reason };
  return { v: 1, id: item.id, at, label, decision, ...said, folder, ...(await item.observe()) };
}

/** The entry that lets these findings pass, and nothing else. */
export function allowFindings(items: readonly TriageItem[], reason: string): NewAllow {
  return { reason: reason === '' ? describe(items) : reason, fingerprints: items.map(({ id }) => id) };
}

/**
 * The ways to allow a finding elsewhere, the safest first. A value is named by the fingerprints of its places: it
 * never gets into the configuration, and a place where it comes later is asked about. A rule and a path let pass whatever
 * that rule finds there, so nothing wider than the folder of the file is offered.
 * @param input.isLeft nothing has been said of a finding so far
 * @param input.isAccepted a finding was called a real secret
 */
export function allowChoices(input: {
  items: readonly TriageItem[];
  item: TriageItem;
  isLeft: (id: string) => boolean;
  isAccepted: (id: string) => boolean;
  reason: string;
}): [AllowChoice, ...AllowChoice[]] {
  const { items, item, isLeft, isAccepted, reason } = input;
  const { logicalPath, finding } = item;
  const { ruleId } = finding;
  const left = items.filter((other) => other === item || isLeft(other.id));
  const same = left.filter(({ valueKey }) => valueKey === item.valueKey);
  const choices: [AllowChoice, ...AllowChoice[]] = [
    {
      covers: `this value, wherever it was found now: ${formatCount(same.length, 'finding')}. Another value is still reported, and so is this one in another file`,
      ids: same.map(({ id }) => id),
      allow: allowFindings(same, reason),
    },
  ];
  const ruleIn = (path: string, where: string, isIn: (other: TriageItem) => boolean) => {
    const glob = globToRegExp(path);
    if ('error' in glob || !glob.pattern.test(logicalPath)) return;
    const covered = items.filter((other) => other.finding.ruleId === ruleId && isIn(other));
    const accepted = covered.filter(({ id }) => isAccepted(id)).length;
    const warning = accepted > 0 ? ` (${accepted} of which you called real)` : '';
    choices.push({
      covers: `whatever the rule ${plain(ruleId)} finds ${where}: ${formatCount(covered.length, 'finding')} now${warning}, and all that come later, real secrets too`,
      ids: covered.filter((other) => left.includes(other)).map(({ id }) => id),
      allow: {
        reason: reason === '' ? `allowed in triage: ${ruleId} ${where}` : reason,
        rules: [ruleId],
        paths: [path],
      },
    });
  };
  // A path that has a value in it must not get into the configuration.
  if (finding.path.includes(MASK)) return choices;
  const folder = folderOf(item);
  ruleIn(`/${escapeGlob(logicalPath)}`, `in ${plain(logicalPath)}`, (other) => other.logicalPath === logicalPath);
  if (folder !== '') {
    ruleIn(`/${escapeGlob(folder)}/**`, `below ${plain(folder)}/`, (other) =>
      other.logicalPath.startsWith(`${folder}/`),
    );
  }
  return choices;
}

function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]{}!,]/g, '\\$&');
}

function describe(items: readonly TriageItem[]): string {
  const [first] = items;
  const more = items.length > 1 ? ` and ${items.length - 1} more` : '';
  return `allowed in triage: ${first!.finding.ruleId} in ${place(first!.finding).replace(/:\d+:\d+$/, '')}${more}`;
}
