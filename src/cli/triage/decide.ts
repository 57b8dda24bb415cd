import { editTarget } from '../../config/edit/index.ts';
import { appendFeedback } from '../../feedback/write.ts';
import { allowChoices, allowFindings, DECISIONS, type DecideRequest, WORDS } from '../../triage/decisions.ts';
import type { TriageItem } from '../../triage/item.ts';
import { createPerformer } from '../../triage/performer.ts';
import type { Decision, FeedbackRecord } from '../../types.ts';
import { EXIT, UserError } from '../../util/errors.ts';
import { formatCount } from '../../util/format.ts';
import { note, print, printable } from '../stdio.ts';
import type { TriageOptions, TriagePlace } from './options.ts';

/** What `--decide` says, by fingerprint. */
export type Decisions = ReadonlyMap<string, Decision | 'undo'>;

/** Reads `--decide`. @throws UserError for what is no decision, or two on one finding */
export function parseDecisions({ decide = [], list, reason }: TriageOptions): Decisions {
  const told = new Map<string, Decision | 'undo'>();
  for (const text of decide) {
    const [id = '', word = ''] = text.split('=');
    const known = [...DECISIONS, 'undo'] as const;
    const decision = known.find((one) => one === word);
    if (!/^[0-9a-f]{32}$/.test(id) || !decision) {
      throw new UserError(`not a decision: ${text}`, {
        hint: `write FINGERPRINT=DECISION; decisions are ${known.join(', ')}, fingerprints are in reports and in sss triage --list`,
      });
    }
    if (told.has(id)) throw new UserError(`${id} is decided twice`);
    told.set(id, decision);
  }
  if (told.size > 0 && list) throw new UserError('--list and --decide exclude each other');
  if (reason !== undefined && told.size === 0) throw new UserError('--reason goes with --decide');
  return told;
}

/** Writes down what `--decide` says: all of it, or nothing where a finding is not there. @returns the exit code */
export async function decideAll(input: {
  decisions: Decisions;
  items: readonly TriageItem[];
  inForce: readonly FeedbackRecord[];
  where: TriagePlace;
  options: TriageOptions;
}): Promise<number> {
  const { decisions, items, inForce, where, options } = input;
  const { reason = '' } = options;
  const undone = inForce.filter(({ id }) => decisions.get(id) === 'undo');
  const known = new Set([...items, ...undone].map(({ id }) => id));
  const missing = [...decisions.keys()].filter(
    (id) => !known.has(id) || (decisions.get(id) === 'undo' && !undone.some((one) => one.id === id)),
  );
  if (missing.length > 0) {
    throw new UserError(`nothing was decided: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there`, {
      hint: 'the finding may be gone, let pass (sss explain FILE:LINE says by what), or found with another --preset; for undo there must be a decision',
    });
  }
  if (items.some((item) => decisions.has(item.id) && item.isToldBy(reason))) {
    throw new UserError('nothing was decided: the reason says the value itself, which must not be kept');
  }
  const target = () => editTarget({ root: where.root, cwd: where.cwd, file: options.config });
  const performer = createPerformer({ items, file: where.file, inForce, target });
  for (const request of requestsOf(decisions, items, reason)) {
    const told = await performer.decide(request);
    const more = told === undefined ? '' : ` ${told}`;
    await print(printable(`${formatCount(request.ids.length, 'finding')}: ${WORDS[request.decision]}.${more}\n`));
  }
  if (undone.length > 0) await takeBack(undone, where.file);
  await note(performer.toPaste.map((text) => `paste into ${text}\n`).join(''));
  return EXIT.clean;
}

/** One request for each decision, so that the configuration gets one entry; one for each value that is allowed everywhere. */
function requestsOf(decisions: Decisions, items: readonly TriageItem[], reason: string): DecideRequest[] {
  const requests: DecideRequest[] = [];
  for (const decision of DECISIONS) {
    const meant = items.filter(({ id }) => decisions.get(id) === decision);
    if (meant.length === 0) continue;
    if (decision !== 'allow-everywhere') {
      const allow = decision === 'allow-here' ? { allow: allowFindings(meant, reason) } : {};
      requests.push({ kind: 'decide', decision, ids: meant.map(({ id }) => id), reason, ...allow });
      continue;
    }
    const values = new Map(meant.map((item) => [item.valueKey, item]));
    for (const item of values.values()) {
      // The first choice: by fingerprints, never by path.
      const isLeft = (id: string) => !decisions.has(id) || decisions.get(id) === decision;
      const [{ ids, allow }] = allowChoices({ items, item, isLeft, isAccepted: () => false, reason });
      requests.push({ kind: 'decide', decision, ids, reason, allow });
    }
  }
  return requests;
}

async function takeBack(records: readonly FeedbackRecord[], file: string): Promise<void> {
  const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  await appendFeedback(
    file,
    records.map(({ reason: _, ...record }) => ({ ...record, at, label: null, decision: 'undo' as const })),
  );
  await print(`${formatCount(records.length, 'decision')} taken back.\n`);
  const allowed = records.filter(({ decision }) => decision.startsWith('allow-'));
  if (allowed.length > 0) {
    await note(
      `What the configuration allows stays allowed until it is taken out there: ${allowed.map(({ id }) => id).join(', ')}\n`,
    );
  }
}
