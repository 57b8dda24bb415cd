import type { ModelCard } from '../../src/classify/card.ts';
import { featuresHash } from '../../src/classify/card.ts';
import { MODEL_FILES, type ModelFolder, openModelFolder } from '../../src/classify/model-folder.ts';
import { UserError } from '../../src/util/errors.ts';
import { REPLAY_FILE, type ReplayRow, unpackReplay } from './replay.ts';

/** The model that is learned on top of: never that of a team, but what that one was made of. */
export interface Base {
  folder: ModelFolder;
  /** Without anything that a team has added. */
  card: ModelCard;
  replay: ReplayRow[];
}

/** @throws UserError when there is no model, or one that has no replay sample */
export async function openBase(dir: string | undefined): Promise<Base> {
  const folder = await openModelFolder({ dir });
  const { parent, ...own } = folder.card;
  if (hasAdapter(own.version))
    throw new UserError(`the model in ${folder.dir} has an adapter of its own, which nothing is learned on top of`, {
      hint: 'leave --model away: what is learned adds to the shipped model, and the new adapter takes the place of this one',
    });
  const files = Object.fromEntries(Object.entries(own.files).filter(([name]) => name !== MODEL_FILES.team));
  const card: ModelCard = { ...own, ...(parent ?? {}), files };
  if (!Object.hasOwn(files, REPLAY_FILE))
    throw new UserError(`the model in ${folder.dir} has no replay sample: nothing would show what it unlearns`, {
      hint: 'learn on top of the shipped model, or train the model again: `sss train` adds the sample',
    });
  const bytes = await folder.read(REPLAY_FILE);
  try {
    return { folder, card, replay: unpackReplay(bytes, featuresHash()) };
  } catch (error) {
    throw folder.problem(
      `${REPLAY_FILE} of the model in ${folder.dir} cannot be used: ${(error as Error).message}`,
      error,
    );
  }
}

/** The versions of models whose numbers in decisions are those of this base: its own, and those of teams on top of it. */
export function isOfBase(version: string, base: Pick<ModelCard, 'version'>): boolean {
  return version === base.version || version.startsWith(`${base.version}${TEAM_MARK}`);
}

/** What the version of a model that a team has taught has in it. */
export const TEAM_MARK = '+team.';
/** Behind it: of the network, where a team has one of its own. */
export const ADAPTER_MARK = '+adapter.';

/** Whether the language model of this version is a team's own: its answers are not those of the base. */
export function hasAdapter(version: string): boolean {
  return version.includes(ADAPTER_MARK);
}
