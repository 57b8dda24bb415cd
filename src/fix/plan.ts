import { importOs as importOsInGo, inGo } from './go.ts';
import { GRAMMARS } from './grammars.ts';
import { stringAround } from './in-program.ts';
import { inJava } from './java.ts';
import { inJavascript } from './javascript.ts';
import { languageOf } from './languages.ts';
import { lex, type Token, TooDeep } from './lexer.ts';
import type { Names } from './names.ts';
import { importOs as importOsInPython, inPython } from './python.ts';
import { inRuby } from './ruby.ts';
import { inShell, setsOtherwise } from './shell.ts';
import { type Draft, type Drafted, type Edit, isRefusal, type Language, type Refusal, type Target } from './types.ts';
import { inYaml } from './yaml.ts';

/** A value that is to be replaced, and what it would best be called. */
export interface Wish {
  start: number;
  end: number;
  wish: string;
}

/** What becomes of one wish: the edits of a file belong to it, or it stays. */
export type Planned<W> = { wish: W; draft: Draft } | { wish: W; refusal: Refusal };

const SHARED: Refusal = {
  refused: 'another value of the same string is replaced first',
  todo: 'run sss fix again',
};

/** How the values of a file are replaced by look-ups in the environment. Pure: nothing is read or written. */
export function planLookUps<W extends Wish>(input: {
  path: string;
  text: string;
  wishes: readonly W[];
  names: Names;
  /** Edits that are to be made already. */
  made?: readonly Edit[];
}): Planned<W>[] {
  const { path, text, wishes, names, made = [] } = input;
  const language = languageOf(path, text);
  if (typeof language !== 'string') return wishes.map((wish) => ({ wish, refusal: language }));
  const tokens = tokensOf(text, language);
  const accepted: Edit[] = [...made];
  return wishes.map((wish): Planned<W> => {
    const { start, end } = wish;
    const value = text.slice(start, end);
    const isTaken = (name: string) => language === 'shell' && setsOtherwise(text, wish, name);
    const name = nameOfExample(language, text, wish) ?? names.choose({ wish: wish.wish, value, path, isTaken });
    const drafted = draftOf({ path, text, language, tokens, target: { start, end, name } });
    if (isRefusal(drafted)) return { wish, refusal: drafted };
    if (!names.accepts(drafted.name, value)) {
      return { wish, refusal: { refused: `${drafted.name} holds another value already`, todo: 'choose another name' } };
    }
    if (drafted.edits.some((edit) => accepted.some((other) => overlaps(edit, other) && !isSame(edit, other)))) {
      return { wish, refusal: SHARED };
    }
    accepted.push(...drafted.edits);
    if (language !== 'env-example') names.take({ name: drafted.name, value, path });
    return { wish, draft: drafted };
  });
}

function tokensOf(text: string, language: Language): Token[] | undefined {
  const grammar = language === 'typescript' ? GRAMMARS.javascript : GRAMMARS[language as keyof typeof GRAMMARS];
  if (!grammar) return undefined;
  try {
    return lex(text, grammar);
  } catch (error) {
    if (error instanceof TooDeep) return [];
    throw error;
  }
}

function draftOf(input: {
  path: string;
  text: string;
  language: Language;
  tokens: Token[] | undefined;
  target: Target;
}): Drafted {
  const { path, text, language, tokens: root, target } = input;
  if (language === 'shell') return inShell(text, target);
  if (language === 'yaml') return inYaml({ path, text, target });
  if (language === 'env-example') {
    return { edits: [{ start: target.start, end: target.end, text: '' }], name: target.name, isListed: true };
  }
  const found = stringAround({ text, root: root!, target });
  if ('refused' in found) return found;
  switch (language) {
    case 'javascript':
    case 'typescript':
      return inJavascript(found, { typed: language === 'typescript', jsx: !/\.[cm]?ts$|\.[cm]js$/.test(path) });
    case 'python':
      return inPython(found);
    case 'ruby':
      return inRuby(found);
    case 'go':
      return inGo(found);
    case 'java':
      return inJava(found);
  }
}

/** In a file of variables the name is there already. */
function nameOfExample(language: Language, text: string, { start }: Wish): string | undefined {
  return language === 'env-example' ? variableAt(text, start) : undefined;
}

/** The variable of a line `NAME=value`. */
export function variableAt(text: string, at: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^[\s#]*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=/.exec(line)?.[1];
}

/** All edits of a file: those of the drafts, and the import that they need. */
export function editsOf({ path, text, drafts }: { path: string; text: string; drafts: readonly Draft[] }): Edit[] {
  const edits = new Map<string, Edit>();
  for (const edit of drafts.flatMap((draft) => draft.edits)) edits.set(`${edit.start}:${edit.end}:${edit.text}`, edit);
  const sorted = [...edits.values()].sort((a, b) => a.start - b.start || a.end - b.end);
  if (drafts.some(({ needs }) => needs === 'os')) {
    const language = languageOf(path, text);
    const tokens = tokensOf(text, language as Language) ?? [];
    const added = language === 'go' ? importOsInGo(text, tokens) : importOsInPython(text, tokens, sorted[0]!.start);
    if (added) sorted.push(added);
  }
  return sorted.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** A text with its edits, which do not overlap and are in order. */
export function edited(text: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const edit of edits) {
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}

function overlaps(a: Edit, b: Edit): boolean {
  return a.start < b.end && b.start < a.end;
}

function isSame(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}
