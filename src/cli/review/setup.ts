import { join, resolve } from 'node:path';
import { createJudge, type Judge } from '../../classify/index.ts';
import {
  BEGIN_ANEW,
  type Chance,
  type Mission,
  madeWith,
  missionFolder,
  openMission,
  type Stage,
  USUAL_CHANCE,
  USUAL_FOLDER,
  USUAL_GUIDANCE,
} from '../../review/index.ts';
import type { Config } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import type { ScanFlags } from '../scan-request.ts';
import { loadSettings, rootOf, type SettingsFlags, tellSettings } from '../settings.ts';

/** The options of all commands of `review`. */
export interface ReviewFlags extends SettingsFlags, ScanFlags {
  mission: string;
  out?: string;
  force?: boolean;
  quiet?: boolean;
  tickets?: string;
  seed?: string;
  samples?: string;
  guidance?: string;
  learn?: boolean;
}

/** What both stages need. */
export interface ReviewSetup {
  cwd: string;
  root: string;
  config: Config;
  useModel: boolean;
  made: Awaited<ReturnType<typeof madeWith>>;
  judge: Judge;
  /** Of all missions. */
  missions: string;
  /** Of this one. */
  folder: string;
}

/** Reads the configuration and opens what judges. */
export async function setUp(flags: ReviewFlags, paths: readonly string[] = []): Promise<ReviewSetup> {
  const cwd = process.cwd();
  const config = await loadSettings({ cwd, flags, paths });
  const useModel = flags.model !== false;
  const root = await rootOf(cwd, []);
  const missions = config.review?.folder ?? join(root, USUAL_FOLDER);
  const { preset, model: modelDir, device } = config;
  if (!flags.quiet) await tellSettings(config);
  return {
    ...{ cwd, root, config, useModel, missions },
    made: await madeWith(config, useModel),
    judge: createJudge({ preset, modelDir, device, useModel }),
    folder: missionFolder({ name: flags.mission, folder: missions, out: flags.out }),
  };
}

/** Opens the mission of a command for work. */
export function openFor({ missions, folder }: ReviewSetup, flags: ReviewFlags): Promise<Mission> {
  const ignored = flags.out === undefined ? missions : undefined;
  return openMission({ name: flags.mission, folder, ignored, force: flags.force ?? false });
}

/**
 * Sees that a stage may be worked at: it is new, was stopped before its end, or `--force` is given.
 * @throws UserError when something would be lost
 */
export function checkStage(input: {
  mission: Mission;
  stage: Stage;
  key: string;
  force: boolean;
  shown: string;
}): void {
  const { mission, stage, key, force, shown } = input;
  const state = mission.stage(stage);
  if (!state || force) return;
  if (state.state === 'done') {
    throw new UserError(`${stage} of the mission ${mission.name} is done: ${shown}`, {
      hint: '--force brings it up to date; --mission NAME begins another one',
    });
  }
  if (state.key !== key) {
    throw new UserError(`${stage} of the mission ${mission.name} was begun with something else: ${state.scope}`, {
      hint: `go on with the same files, tickets and settings; or ${BEGIN_ANEW}`,
    });
  }
}

/** Seed, samples and temperature: of the options, the configuration, or as usual. */
export function chanceOf(flags: ReviewFlags, { review = {} }: Config): Chance {
  const number = (text: string | undefined, most: number, what: string) => {
    if (text === undefined) return undefined;
    const found = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (found <= most) return found;
    throw new UserError(`not a number for --${what}: ${text}`, { hint: `a whole number, ${most} at most` });
  };
  const samples = number(flags.samples, 20, 'samples') ?? review.samples ?? USUAL_CHANCE.samples;
  if (samples === 0) throw new UserError('--samples must be 1 or more');
  return {
    samples,
    seed: number(flags.seed, 2_147_483_647, 'seed') ?? review.seed ?? USUAL_CHANCE.seed,
    temperature: review.temperature ?? USUAL_CHANCE.temperature,
  };
}

/** The file with the lines of guidance. */
export function guidanceFile(input: {
  flags: Pick<ReviewFlags, 'guidance'>;
  config: Config;
  cwd: string;
  root: string;
}): string {
  const { flags, config, cwd, root } = input;
  if (flags.guidance === '') throw new UserError('--guidance needs the name of a file');
  if (flags.guidance !== undefined) return resolve(cwd, flags.guidance);
  return config.review?.guidance ?? join(root, USUAL_GUIDANCE);
}
