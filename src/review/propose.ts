import { type Conditions, type GuidanceLine, guidanceId } from './guidance.ts';
import type { Seen } from './types.ts';

/** Folders of a path that are proposed, nearest first. */
const MOST_FOLDERS = 4;

/** A line that might help, before anything was measured. */
export type Proposal = Pick<GuidanceLine, 'id' | 'treat'> & Conditions;

/**
 * Every line that could be said of a candidate: about its folder, the ending of its file, its name, its rule, its kind of
 * value, and these together. None of them is about the value itself, and none only about endings, rules or kinds of values.
 */
export function proposalsFor(seen: Seen, treat: GuidanceLine['treat']): Proposal[] {
  const proposals: Proposal[] = [];
  const rules = [undefined, /^[A-Za-z0-9._-]{1,100}$/.test(seen.rule) ? seen.rule : undefined];
  for (const path of [undefined, ...pathsOf(seen.logicalPath)]) {
    for (const name of [undefined, ...namesOf(seen.name)]) {
      // An ending alone is a whole language.
      if (name === undefined && (path === undefined || path.startsWith('*'))) continue;
      for (const rule of new Set(rules)) {
        for (const shape of [undefined, seen.shape]) {
          const conditions = {
            ...(path === undefined ? {} : { path }),
            ...(rule === undefined ? {} : { rule }),
            ...(name === undefined ? {} : { name }),
            ...(shape === undefined ? {} : { shape }),
          };
          proposals.push({ id: guidanceId({ treat, ...conditions }), treat, ...conditions });
        }
      }
    }
  }
  return proposals;
}

/** Patterns for the folders of a path, and for files with its ending. What would have to be escaped is left out. */
function pathsOf(logicalPath: string): string[] {
  const file = logicalPath.split('!')[0]!;
  const steps = file.split('/');
  const isPlain = (text: string) => /^[^*?[\]{}\\!\s]+$/.test(text);
  const folders = steps
    .slice(0, -1)
    .map((_, i) => `/${steps.slice(0, i + 1).join('/')}/`)
    .reverse()
    .slice(0, MOST_FOLDERS);
  const ending = /\.[A-Za-z0-9]{1,12}$/.exec(file)?.[0];
  return [...folders, ...(ending === undefined ? [] : [`*${ending}`])].filter((one) => isPlain(one.replace(/^\*/, '')));
}

/** The name, and names that begin or end like it. A name with a mask in it is none. */
function namesOf(name: string | undefined): string[] {
  if (name === undefined || !/^[\w.:$-]{1,60}$/.test(name)) return [];
  const first = /^(?:[a-z]+(?=[_.A-Z-])|[A-Z]+(?=[_.-])|[A-Z][a-z]+(?=[_.A-Z-]))/.exec(name)?.[0];
  const last = /(?:[_.-][A-Za-z]+|[A-Z][a-z]+)$/.exec(name)?.[0];
  return [
    name,
    ...(first !== undefined && first.length >= 3 && first !== name ? [`${first}*`] : []),
    ...(last !== undefined && last.length >= 3 && last !== name ? [`*${last}`] : []),
  ];
}

/** How many things a line looks at: of two lines that do the same the one that says more is taken. */
export function narrowness({ path, rule, name, shape }: Conditions): number {
  const stars = [path, rule, name].filter((one) => one?.includes('*')).length;
  return [path, rule, name, shape].filter((one) => one !== undefined).length - stars / 2;
}
