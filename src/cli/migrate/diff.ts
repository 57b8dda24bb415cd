import type { Edit } from '../../config/migrate/index.ts';

const CONTEXT = 2;

/** A text with other parts in the place of some of its own, which do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => b.start - a.start);
  return sorted.reduce((out, { start, end, text: fresh }) => out.slice(0, start) + fresh + out.slice(end), text);
}

/** The change of a file as `git apply` takes it. @param before undefined: there was no such file */
export function diffOf(path: string, before: string | undefined, after: string): string {
  const head = `${before === undefined ? '--- /dev/null' : `--- a/${path}`}\n+++ b/${path}\n`;
  const steps = stepsOf(linesOf(before ?? ''), linesOf(after));
  const isNear = (at: number) =>
    steps.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(([sign]) => sign !== ' ');
  let out = head;
  let [oldLine, freshLine] = [0, 0];
  for (let at = 0; at < steps.length; ) {
    let end = at;
    while (end < steps.length && isNear(end)) end++;
    const hunk = steps.slice(at, end);
    if (hunk.length > 0) {
      const [old, fresh] = [hunk.filter(([sign]) => sign !== '+').length, hunk.filter(([sign]) => sign !== '-').length];
      const starts = [old === 0 ? oldLine : oldLine + 1, fresh === 0 ? freshLine : freshLine + 1];
      out += `@@ -${starts[0]},${old} +${starts[1]},${fresh} @@\n${hunk.map(([sign, line]) => `${sign}${line}\n`).join('')}`;
      oldLine += old;
      freshLine += fresh;
    } else {
      end++;
      oldLine++;
      freshLine++;
    }
    at = end;
  }
  return out;
}

type Step = readonly [sign: ' ' | '-' | '+', line: string];

/** The way from one list of lines to the other. */
function stepsOf(old: readonly string[], fresh: readonly string[]): Step[] {
  const steps: Step[] = [];
  for (let [i, j] = [0, 0]; i < old.length || j < fresh.length; ) {
    if (i < old.length && old[i] === fresh[j]) {
      steps.push([' ', old[i]!]);
      i++;
      j++;
      continue;
    }
    const [nextOld, nextFresh] = meetingPoint({ old, fresh, i, j });
    for (const line of old.slice(i, nextOld)) steps.push(['-', line]);
    for (const line of fresh.slice(j, nextFresh)) steps.push(['+', line]);
    [i, j] = [nextOld, nextFresh];
  }
  return steps;
}

/** The nearest pair of lines from which both texts are alike for a while. */
function meetingPoint(input: {
  old: readonly string[];
  fresh: readonly string[];
  i: number;
  j: number;
}): [number, number] {
  const { old, fresh, i, j } = input;
  const most = old.length - i + fresh.length - j;
  for (let sum = 1; sum < most; sum++) {
    for (let a = Math.max(0, sum - (fresh.length - j)); a <= Math.min(sum, old.length - i); a++) {
      const [x, y] = [i + a, j + sum - a];
      const isAlike = x < old.length && y < fresh.length && old[x] === fresh[y] && old[x + 1] === fresh[y + 1];
      if (isAlike) return [x, y];
    }
  }
  return [old.length, fresh.length];
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
