import { basename } from 'node:path';
import type { Range } from '../findings/spellings.ts';
import type { Config, Finding } from '../types.ts';
import { maskedDiff } from './diff.ts';
import { variableLine } from './dotenv.ts';
import {
  type EnvFile,
  exampleChange,
  type FileChange,
  ignoreChange,
  openExample,
  openValues,
  valuesChange,
} from './env-files.ts';
import { isDotenv } from './languages.ts';
import { MOST_MASKS, maskEdit } from './mask.ts';
import { Names } from './names.ts';
import { edited, editsOf, planLookUps, variableAt } from './plan.ts';
import { type RepositoryFacts, repositoryFacts } from './repository-facts.ts';
import { type Left, type Seen, type Subject, subjectsOf, type Target, targetsOf } from './targets.ts';
import { replaceFile } from './text-file.ts';
import type { Draft, Edit } from './types.ts';
import { countIn, doubtfulIn, problemsOf } from './verify.ts';
import { isWorkflow } from './yaml.ts';

export type { FileChange } from './env-files.ts';
export { remembering } from './targets.ts';
export type { Left };

/** A value that is taken out of its file, or whose file is taken out of git. */
export interface Fixed {
  target: Target;
  /** The variable that it is read from now; absent where it was masked, or only stood beside its name. */
  name?: string;
  /** The name is that of a secret of a repository on GitHub. */
  isActionsSecret?: boolean;
  /** The file belongs on this machine: git is told to leave it out. */
  isKeptOut?: boolean;
  /** The last commit has it: taking it out of the file does not take it back. */
  isCommitted: boolean;
}

/** What would be done: nothing of it is yet. */
export interface FixPlan {
  /** In the order in which they are to be written: values are put down before they are taken out. */
  changes: FileChange[];
  fixed: Fixed[];
  left: Left[];
  /** Paths of files to be edited whose staged state differs from the last commit. */
  staged: string[];
  /** The last commit, which still has what it had; undefined where there is none. */
  head: string | undefined;
}

/** What is to be fixed, and how. */
export interface FixInput {
  cwd: string;
  /** All that a scan has found. */
  findings: readonly Finding[];
  /** Which of them are to be fixed. */
  isWanted: (finding: Finding) => boolean;
  seen: ReadonlyMap<string, Seen>;
  config: Config;
  /** Mask the values instead of reading them from the environment. */
  mask: boolean;
  /** Where the values are to go. */
  envFile?: string | undefined;
  useModel: boolean;
  signal?: AbortSignal;
}

/** After so many tries a file is left as it is. */
const MOST_TRIES = 25;

/** A subject with what is to become of it. */
interface Work {
  subject: Subject;
  drafts: Map<Target, Draft>;
}

/**
 * Works out how findings are fixed: which literals become look-ups, and what they are called. Every edit has been tried:
 * a scan finds nothing in its place, and the file can be parsed if it could before.
 */
export async function planFixes(input: FixInput): Promise<FixPlan> {
  const { cwd, mask, envFile } = input;
  const facts = await repositoryFacts(cwd);
  const values = envFile === undefined ? undefined : await openValues(envFile, { cwd, facts });
  const { subjects, left } = subjectsOf({ ...input, root: facts.root });
  const kept = mask ? [] : subjects.filter(({ logicalPath }) => isDotenv(logicalPath));
  const toEdit = subjects.filter((subject) => !kept.includes(subject));
  const example = openExample(facts.root, cwd);
  const variables = new Names([...nameless(example), ...(values?.variables ?? [])]);
  const secrets = new Names();
  const add = (work: Work, targets: readonly Target[]) => {
    if (mask) for (const target of targets) work.drafts.set(target, masked(work.subject, target, 0));
    else {
      const names = isWorkflow(work.subject.logicalPath) ? secrets : variables;
      lookUps({ work, targets, names, left, keepsValues: values !== undefined });
    }
  };
  const works = toEdit.map((subject): Work => {
    const work: Work = { subject, drafts: new Map() };
    add(work, subject.targets);
    return work;
  });
  await settle({ ...input, works, left, add });
  const done = works.filter(({ drafts }) => drafts.size > 0);
  const fixed: Fixed[] = [];
  for (const { subject, drafts } of done) {
    for (const [target, draft] of drafts) {
      const isCommitted = await facts.isCommitted(subject.logicalPath, target.value);
      const { name, isActionsSecret, isListed } = draft;
      fixed.push({
        target,
        isCommitted,
        ...(mask || isListed ? {} : { name }),
        ...(isActionsSecret ? { isActionsSecret } : {}),
      });
    }
  }
  const out = await keepOut(kept, facts);
  const ours = fixed.filter(({ name, isActionsSecret }) => name !== undefined && !isActionsSecret);
  const moved = new Map(ours.map(({ name, target }) => [name!, target.value]));
  const doubtful = await doubtfulIn({ ...input, subjects: done.map(({ subject }) => subject) });
  const names = [...moved.keys(), ...out.names];
  const changes = done.map((work) => sourceChange(work, doubtful.get(work.subject)!));
  return {
    changes: [
      ...(values ? [valuesChange(values, moved)] : []),
      ...(out.patterns.length > 0 ? [ignoreChange({ root: facts.root, cwd, patterns: out.patterns })] : []),
      ...withExample({ changes, example, names, empty: await emptyValue(input, example, names) }),
    ].filter((change) => change !== undefined),
    fixed: [...fixed, ...out.fixed],
    left: [...left, ...out.left],
    staged: await facts.staged(done.map(({ subject }) => subject.logicalPath)),
    head: facts.head,
  };
}

/** Writes what was planned, one file after the other. @throws UserError at the first that cannot be written */
export async function applyFixes({ changes }: FixPlan, onWritten: (change: FileChange) => void): Promise<void> {
  for (const change of changes) {
    const { file, before, after, mode } = change;
    replaceFile({ file, before, bytes: after, ...(mode === undefined ? {} : { mode }) });
    onWritten(change);
  }
}

function nameless({ variables }: EnvFile): [string, undefined][] {
  return [...variables.keys()].map((name) => [name, undefined]);
}

function masked({ text }: Subject, target: Target, choice: number): Draft {
  return { edits: [maskEdit({ text, start: target.start, end: target.end, choice })], name: '' };
}

function lookUps(input: {
  work: Work;
  targets: readonly Target[];
  names: Names;
  left: Left[];
  keepsValues: boolean;
}): void {
  const { work, targets, names, left, keepsValues } = input;
  const { text, logicalPath } = work.subject;
  const isWritable = ({ value }: Target) => !keepsValues || variableLine('X', value) !== undefined;
  for (const target of targets.filter((one) => !isWritable(one))) {
    left.push(leftOf(target, { refused: 'its characters cannot be written to a file of variables' }));
  }
  const wishes = targets.filter(isWritable);
  const made = [...work.drafts.values()].flatMap(({ edits }) => edits);
  for (const planned of planLookUps({ path: logicalPath, text, wishes, names, made })) {
    if ('draft' in planned) work.drafts.set(planned.wish, planned.draft);
    else left.push(leftOf(planned.wish, planned.refusal));
  }
}

/** What belongs to a finding stands elsewhere than the finding itself. */
function leftOf({ finding, part }: Target, refusal: { refused: string; todo?: string }): Left {
  if (!part) return { finding, ...refusal };
  const { role, text, line, endLine, column, endColumn } = part;
  return { finding: { ...finding, description: role, secret: text, line, endLine, column, endColumn }, ...refusal };
}

/**
 * Tries the drafts out, and drops (or, of masks, changes) those that will not do, until the rest will. What is found only
 * now that its surroundings have changed is taken out with the rest.
 */
async function settle(
  input: FixInput & {
    works: readonly Work[];
    left: Left[];
    add: (work: Work, targets: readonly Target[]) => void;
  },
): Promise<void> {
  const { works, left, add, isWanted, mask, config, useModel, signal } = input;
  const choices = new Map<Target, number>();
  const editsIn = ({ subject, drafts }: Work) =>
    editsOf({ path: subject.logicalPath, text: subject.text, drafts: [...drafts.values()] });
  let open = works.filter(({ drafts }) => drafts.size > 0);
  for (let tries = 1; open.length > 0; tries++) {
    const attempts = open.map((work) => ({ subject: work.subject, edits: editsIn(work) }));
    const problems = await problemsOf({
      attempts,
      known: ({ found }) => found,
      ...{ config, useModel, ...(signal ? { signal } : {}) },
    });
    for (const work of open) {
      const problem = problems.get(work.subject);
      if (!problem) continue;
      const { at, more, span, refused } = problem;
      const blamed = [...work.drafts].filter(([, { edits }]) =>
        edits.some((edit) => at.some((one) => isSame(one, edit))),
      );
      // Where none can be blamed, the last one goes: in the end the others are left, or none.
      const unknown = more.length > 0 ? [] : [...work.drafts].slice(-1);
      const dropped = tries >= MOST_TRIES ? [...work.drafts] : blamed.length > 0 ? blamed : unknown;
      for (const [target] of dropped) {
        const choice = (choices.get(target) ?? 0) + 1;
        choices.set(target, choice);
        if (mask && choice < MOST_MASKS && tries < MOST_TRIES)
          work.drafts.set(target, masked(work.subject, target, choice));
        else {
          work.drafts.delete(target);
          left.push(leftOf(target, { refused, todo: 'take it out by hand' }));
        }
      }
      for (const finding of more) {
        const { subject } = work;
        subject.found.push(span(finding));
        if (!isWanted(finding) || tries >= MOST_TRIES) continue;
        const values = targetsOf(subject, finding, span);
        if ('refused' in values) left.push({ finding, ...values });
        else add(work, values.targets);
      }
    }
    open = open.filter(({ subject, drafts }) => problems.has(subject) && drafts.size > 0);
  }
}

function isSame(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

/** What comes of files of variables: they stay as they are, and out of git. */
interface KeptOut {
  fixed: Fixed[];
  left: Left[];
  /** For `.gitignore`. */
  patterns: string[];
  /** The variables that they have values of. */
  names: string[];
}

async function keepOut(subjects: readonly Subject[], facts: RepositoryFacts): Promise<KeptOut> {
  const out: KeptOut = { fixed: [], left: [], patterns: [], names: [] };
  for (const { targets, logicalPath, file, text } of subjects) {
    const isTracked = await facts.isTracked(logicalPath);
    const isDone = !facts.inGit || (!isTracked && (await facts.isIgnored(file)));
    if (!isDone) {
      out.patterns.push(basename(file));
      out.names.push(...targets.flatMap(({ start }) => variableAt(text, start) ?? []));
    }
    for (const target of targets) {
      if (isTracked) {
        const todo = `git rm --cached ${logicalPath}, and commit that`;
        out.left.push(leftOf(target, { refused: 'values belong in this file, but git tracks it', todo }));
      } else if (isDone) {
        const where = facts.inGit ? 'git ignores it' : 'it is in no repository';
        out.left.push(leftOf(target, { refused: `values belong in this file, and ${where}: there is nothing to do` }));
      } else out.fixed.push({ target, isCommitted: false, isKeptOut: true });
    }
  }
  return out;
}

/** The changes of files of programs, and of the list of names, which may be one of them. */
function sourceChange({ subject, drafts }: Work, doubtful: readonly Range[]): FileChange {
  const { path, logicalPath, file, bytes, text, encode, found } = subject;
  const edits = editsOf({ path: logicalPath, text, drafts: [...drafts.values()] });
  const diff = maskedDiff({ text, edits, values: found, others: doubtful });
  return { path, file, before: bytes, after: encode(edited(text, edits)), diff };
}

/** A list of names that loses values gets its new names in the same go. */
function withExample(input: {
  changes: readonly FileChange[];
  example: EnvFile;
  names: readonly string[];
  empty: string;
}): FileChange[] {
  const { changes, example, names, empty } = input;
  const own = changes.find(({ file }) => file === example.file);
  if (!own) return [exampleChange(example, names, empty), ...changes].filter((change) => change !== undefined);
  const more = exampleChange({ ...example, text: example.decode(own.after) }, names, empty);
  const both = more ? { ...own, after: more.after, diff: [...own.diff, ...more.diff] } : own;
  return changes.map((change) => (change === own ? both : change));
}

/** What a list of names has in the place of values: nothing, unless a scan takes the next line for one. */
async function emptyValue(input: FixInput, example: EnvFile, names: readonly string[]): Promise<string> {
  const change = exampleChange(example, names, '');
  if (!change) return '';
  const { path } = example;
  const count = (bytes: Buffer) => countIn({ ...input, path, logicalPath: basename(example.file), bytes });
  return (await count(change.after)) > (await count(example.before ?? Buffer.alloc(0))) ? '""' : '';
}
