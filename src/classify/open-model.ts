import type { Device } from '../types.ts';
import { once } from '../util/once.ts';
import type { ModelCard } from './card.ts';
import { type Gate, readGate } from './gate.ts';
import type { LanguageModel } from './language-model.ts';
import type { ModelFolder } from './model-folder.ts';
import { readScout, type Scout } from './scout.ts';
import type { VerdictLogits } from './stack.ts';
import { readTeam, type Team } from './team.ts';

/** A model whose card and scout have been read; the rest is loaded when it is asked for. */
export interface OpenModel {
  card: ModelCard;
  /** Undefined: the model has none, and every candidate is judged in full. */
  scout: Scout | undefined;
  gate(): Promise<Gate>;
  /** Undefined: no team has taught it anything. */
  team: Team | undefined;
  /** What the language model says of a prompt; undefined where it cannot run. */
  ask(prompt: string): Promise<VerdictLogits | undefined>;
}

/** Most answers of the language model that are kept: the same line in a thousand files is read once. */
const MOST_ANSWERS = 4096;

/** @throws UserError when the model is missing or damaged */
export async function openModel(input: {
  /** Absent: the model that ships with the scanner. */
  dir: string | undefined;
  device: Device;
  onNote(note: string): void;
  onDevice(device: 'cpu' | 'cuda'): void;
}): Promise<OpenModel> {
  const { openModelFolder } = await import('./model-folder.ts');
  const folder = await openModelFolder({ dir: input.dir });
  const answers = new Map<string, Promise<VerdictLogits>>();
  const model = once(() => languageModel(folder, input));
  return {
    card: folder.card,
    scout: await scoutOf(folder),
    gate: once(() => gateOf(folder)),
    team: await teamOf(folder),
    async ask(prompt) {
      const loaded = await model();
      if (!loaded) return undefined;
      const known = answers.get(prompt);
      if (known) return known;
      const answer = loaded.logits(prompt);
      answers.set(prompt, answer);
      if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value!);
      return answer;
    },
  };
}

async function languageModel(
  folder: ModelFolder,
  input: Pick<Parameters<typeof openModel>[0], 'device' | 'onNote' | 'onDevice'>,
): Promise<LanguageModel | undefined> {
  const { loadLanguageModel, NoRuntime } = await import('./language-model.ts');
  try {
    const loaded = await loadLanguageModel({ folder, device: input.device });
    if (loaded.warning !== undefined) input.onNote(loaded.warning);
    input.onDevice(loaded.device);
    return loaded;
  } catch (error) {
    if (!(error instanceof NoRuntime)) throw error;
    input.onNote(`the language model cannot run on this machine (${error.message}): the gate judged alone`);
    return undefined;
  }
}

/** @throws UserError when it is missing or damaged */
export function gateOf(folder: ModelFolder): Promise<Gate> {
  return readPart(folder, 'gate.json', readGate);
}

/** Undefined: the model has none. @throws UserError when it is damaged */
export async function scoutOf(folder: ModelFolder): Promise<Scout | undefined> {
  return Object.hasOwn(folder.card.files, 'scout.json') ? readPart(folder, 'scout.json', readScout) : undefined;
}

/** Undefined: no team has taught it anything. @throws UserError when it is damaged */
export async function teamOf(folder: ModelFolder): Promise<Team | undefined> {
  return Object.hasOwn(folder.card.files, 'team.json') ? readPart(folder, 'team.json', readTeam) : undefined;
}

async function readPart<T>(folder: ModelFolder, name: string, read: (text: string) => T): Promise<T> {
  const bytes = await folder.read(name);
  try {
    return read(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw folder.problem(`the model in ${folder.dir} cannot be used: ${(error as Error).message}`, error);
  }
}
