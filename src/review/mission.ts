import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../util/errors.ts';
import { isProcessAlive } from '../util/process-alive.ts';
import { version } from '../util/version.ts';
import { whyNotWritten, writeFileWhole } from '../util/write-whole.ts';
import { textOf } from './state-file.ts';

/** The parts of a review, as the command line calls them. */
export type Stage = 'stage-a' | 'stage-b';

/** What `manifest.json` says of one stage. */
export interface StageState {
  state: 'running' | 'done';
  /** Changes with what its results depend on. */
  key: string;
  /** What it was about: paths, a range, a file of tickets. */
  scope: string;
  [detail: string]: unknown;
}

interface Manifest {
  format: 1;
  mission: string;
  tool: string;
  stages: Partial<Record<Stage, StageState>>;
}

/** A folder with all that a review leaves. */
export interface Mission {
  name: string;
  folder: string;
  file(name: string): string;
  stage(stage: Stage): StageState | undefined;
  /** Takes note of how far a stage is, in `manifest.json`. */
  mark(stage: Stage, state: StageState): Promise<void>;
  /** Lets others work at it. */
  close(): void;
}

/** What to say where something in the folder is damaged. */
export const BEGIN_ANEW = 'make it anew with --force, or name another --mission';

/**
 * Where a mission lies.
 * @throws UserError for a name that is none
 */
export function missionFolder(input: { name: string; folder: string; out?: string | undefined }): string {
  const { name, folder, out } = input;
  if (out !== undefined) {
    if (out === '') throw new UserError('--out needs the name of a folder');
    return resolve(out);
  }
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return join(folder, name);
  throw new UserError(`not a name for a mission: ${name}`, {
    hint: 'letters, digits, ".", "-" and "_", 64 at most: --mission pr-12',
  });
}

/** The missions that there are. */
export function missionsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'manifest.json')))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Opens a mission for work, and makes its folder where there is none. Nobody else works at it until it is closed.
 * @param input.force what is damaged in the manifest does not matter
 * @throws UserError when the folder cannot be used, or somebody works at it
 */
export async function openMission(input: {
  name: string;
  folder: string;
  /** The folder of all missions, which git is told to ignore; absent where the user has named the folder. */
  ignored?: string | undefined;
  force: boolean;
}): Promise<Mission> {
  const { name, folder, ignored, force } = input;
  make(folder);
  if (ignored !== undefined) {
    const file = join(ignored, '.gitignore');
    if (!existsSync(file)) await writeFileWhole(file, '*\n');
  }
  const unlock = lock(join(folder, 'lock'));
  try {
    const file = join(folder, 'manifest.json');
    let manifest = readManifest(file, force) ?? { format: 1, mission: name, tool: version, stages: {} };
    return {
      name,
      folder,
      file: (part) => join(folder, part),
      stage: (stage) => manifest.stages[stage],
      async mark(stage, state) {
        manifest = { ...manifest, tool: version, stages: { ...manifest.stages, [stage]: state } };
        await writeFileWhole(file, `${JSON.stringify(manifest, null, 2)}\n`);
      },
      close: unlock,
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Makes a folder. A link on the way, which a repository may bring along, would lead what is written anywhere. */
function make(folder: string): void {
  for (const place of [folder, dirname(folder), dirname(dirname(folder))]) {
    if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() && isOwnFolder(place)) {
      throw new UserError(`${place} is a symbolic link: nothing is written there`, {
        hint: 'remove it, or name a folder with --out',
      });
    }
  }
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(`cannot make the folder ${folder}: ${whyNotWritten(error)}`, { cause: error });
  }
}

function isOwnFolder(place: string): boolean {
  return place.includes('.smart-secrets-scanner');
}

function readManifest(file: string, force: boolean): Manifest | undefined {
  const text = textOf(file);
  if (text === undefined) return undefined;
  try {
    const manifest: Partial<Manifest> = JSON.parse(text);
    const stages = Object.values(manifest.stages ?? { none: {} });
    const isWhole = stages.every((stage) => {
      return (stage?.state === 'running' || stage?.state === 'done') && typeof stage.key === 'string';
    });
    if (manifest.format === 1 && isWhole) return manifest as Manifest;
  } catch {
    // Told below: what JSON.parse says quotes the text.
  }
  if (force) return undefined;
  throw new UserError(`${file} is damaged, or of another version`, { hint: BEGIN_ANEW });
}

/** One process at a time: two would write into each other's lines. The lock of a process that is gone counts for nothing. */
function lock(file: string): () => void {
  for (const isLast of [false, true]) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new UserError(`cannot write ${file}: ${whyNotWritten(error)}`, { cause: error });
      const holder = Number(textOf(file));
      if (isLast || (holder !== process.pid && isProcessAlive(holder))) break;
      rmSync(file, { force: true });
    }
  }
  throw new UserError('another process works at this mission', {
    hint: `wait for its end, or name another --mission; if there is none, remove ${file}`,
  });
}
