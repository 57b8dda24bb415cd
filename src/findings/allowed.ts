import { isAllowed } from '../config/allow.ts';
import type { Allow, Candidate, Finding } from '../types.ts';
import { ownCopy } from '../util/own-copy.ts';

/** What allowlists look at in a candidate. Holds the raw value: it goes no further than the question. */
export interface AllowSubject {
  ruleIds: readonly string[];
  value: string;
  match: string;
  line: string;
  logicalPath: string;
  container?: string;
  name?: string;
  keyPath?: string;
  /** What the folder of the text allows. */
  allowHere?: readonly Allow[];
}

/** Longest part of a line before and after a value that is looked at, in UTF-16 code units. */
const REACH = 4096;

/**
 * Takes what allowlists need out of `candidate`, without keeping its text in memory.
 * @param more.keyPath where it stands in a JSON file, if that is asked for
 * @param more.allowHere what the folder of the text allows, besides what the configuration of the scan does
 */
export function allowSubject(
  candidate: Candidate,
  more: { keyPath?: string | undefined; allowHere?: readonly Allow[] | undefined } = {},
): AllowSubject {
  const { chunk, start, end, rules } = candidate;
  const before = chunk.text.slice(Math.max(0, start - REACH), start);
  const after = chunk.text.slice(end, end + REACH);
  const newline = after.indexOf('\n');
  const value = ownCopy(candidate.value);
  const line = ownCopy(
    before.slice(before.lastIndexOf('\n') + 1) + candidate.value + (newline < 0 ? after : after.slice(0, newline)),
  );
  // What the generic extractor matches is the name with its value: the line stands for it.
  const match = candidate.match === undefined ? line : ownCopy(candidate.match);
  const { logicalPath, member } = chunk;
  const container = member === undefined ? {} : { container: logicalPath.slice(0, -1 - member.length) };
  return {
    ruleIds: rules.map((rule) => rule.id),
    value,
    match,
    line,
    logicalPath,
    ...container,
    ...(candidate.name === undefined ? {} : { name: ownCopy(candidate.name) }),
    ...(more.keyPath === undefined ? {} : { keyPath: more.keyPath }),
    ...(more.allowHere === undefined ? {} : { allowHere: more.allowHere }),
  };
}

/** The allowlist entry that lets `finding` pass, if there is one. */
export function allowedBy(input: {
  allow: readonly Allow[];
  subject: AllowSubject;
  finding: Finding;
}): Allow | undefined {
  const { subject, finding } = input;
  const { allowHere = [], ...query } = subject;
  const allow = allowHere.length === 0 ? input.allow : [...allowHere, ...input.allow];
  return isAllowed({ allow, ...query, commit: finding.commit, fingerprint: finding.fingerprint });
}
