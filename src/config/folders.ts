import { statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { Config, TextChunk } from '../types.ts';
import { UserError } from '../util/errors.ts';
import { OWN_FILES, onlyOne } from './find.ts';
import { shownPath } from './index.ts';
import type { LayerFile } from './read-config.ts';

/** Where a text stands, as far as the configuration of its folder is concerned. */
type Place = Pick<TextChunk, 'path' | 'logicalPath' | 'member'>;

/** A file that says more about what is in a folder. */
export interface FolderFile {
  path: string;
  /** Logical path of the folder, with a `/` at the end. */
  below: string;
}

/** The configurations of the folders below the root, each read when a text of the folder asks for it. */
export interface FolderConfigs {
  /**
   * What is in force for a text: the configuration itself where no folder says more.
   * @throws UserError when something is wrong in a file
   */
  of(place: Place): Promise<Config>;
  /** The files that say more about a text, the outermost first. No parser is loaded. @throws UserError when a folder has two */
  files(place: Place): readonly FolderFile[];
}

/**
 * @param input.config that of the root
 * @param input.ruleIds the ids of the rules that ship with the scanner
 * @param input.onLayer is told of every file that is read
 */
export function folderConfigs(input: {
  config: Config;
  ruleIds: () => Promise<readonly string[]>;
  onLayer?: ((layer: LayerFile) => void) | undefined;
}): FolderConfigs {
  const { config, ruleIds, onLayer } = input;
  const none: readonly FolderFile[] = [];
  const found = new Map<string, readonly FolderFile[]>([['', none]]);
  const read = new Map<string, Promise<Config>>();

  /** @param folder logical path, with a `/` at the end */
  function filesOf(folder: string, root: string): readonly FolderFile[] {
    const known = found.get(folder);
    if (known) return known;
    const above = filesOf(folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1), root);
    const own = fileIn(folder, root);
    const all = own === undefined ? above : [...above, { path: own, below: folder }];
    found.set(folder, all);
    return all;
  }

  function fileIn(folder: string, root: string): string | undefined {
    const show = (path: string) => shownPath(config.folders!.cwd, path);
    const paths = OWN_FILES.map((name) => join(root, folder, name));
    return onlyOne(
      paths.filter((path) => isThere(path, show)),
      show,
    );
  }

  function files(place: Place): readonly FolderFile[] {
    const { folders } = config;
    const folder = folders && !folders.isOff ? folderOf(place, folders) : undefined;
    return folder === undefined ? none : filesOf(folder, folders!.root);
  }

  async function load(all: readonly FolderFile[]): Promise<Config> {
    const last = all.at(-1);
    if (!last) return config;
    const known = read.get(last.below);
    if (known) return known;
    const reading = load(all.slice(0, -1)).then((above) => readFolder(last, above));
    read.set(last.below, reading);
    return reading;
  }

  async function readFolder({ path, below }: FolderFile, defaults: Config): Promise<Config> {
    const { readConfigFile } = await import('./read-config.ts');
    const { root, cwd } = config.folders!;
    const show = (shown: string) => shownPath(cwd, shown);
    const after = await readConfigFile({
      ...{ path, cwd, root, show, ruleIds, defaults, onLayer },
      kind: 'own',
      below: { folder: below, top: config },
    });
    return { ...after, preset: config.folders!.preset ?? after.preset };
  }

  return { files, of: (place) => load(files(place)) };
}

/** @throws UserError where that cannot be told: what it says must not be passed over */
function isThere(path: string, show: (path: string) => string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A name of the history that this file system cannot have.
    if (code !== 'EACCES' && code !== 'EPERM') return false;
    throw new UserError(`cannot look for the configuration ${show(path)}: permission denied`, { cause: error });
  }
}

/** The folder of a text below the root, by its logical path; undefined when it lies somewhere else. */
function folderOf({ path, logicalPath, member }: Place, folders: { root: string; cwd: string }): string | undefined {
  const inside = member === undefined ? 0 : member.length + 1;
  const [shown, logical] = [path, logicalPath].map((text) => text.slice(0, text.length - inside)) as [string, string];
  // Of several folders or repositories each has a root of its own.
  if (resolve(folders.cwd, shown) !== resolve(folders.root, logical)) return undefined;
  if (logical.split('/').includes('..') || isAbsolute(logical)) return undefined;
  return logical.slice(0, logical.lastIndexOf('/') + 1);
}
