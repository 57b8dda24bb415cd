import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { OWN_FILES } from '../../config/find.ts';
import { folderConfigs } from '../../config/folders.ts';
import { loadConfig } from '../../config/index.ts';
import { ruleIds } from '../../rules/rule-ids.ts';
import type { Config } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import { rootOf } from '../settings.ts';

/** What was found in the files of a configuration. */
export interface ConfigCheck {
  /** Those that are right, as the user would open them. */
  files: string[];
  problems: { message: string; hint?: string }[];
  warnings: string[];
}

/**
 * Reads the configuration of the repository, or a file, and those of all folders, and gathers what is wrong.
 * @param input.file only this one
 * @throws UserError when the files of the repository cannot be listed
 */
export async function checkConfigs(input: { cwd: string; file?: string | undefined }): Promise<ConfigCheck> {
  const { cwd, file } = input;
  const root = await rootOf(cwd, []);
  const problems = new Map<string, { message: string; hint?: string }>();
  const attempt = async (work: () => Promise<Config>): Promise<Config | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { message, hint } = error;
      problems.set(message, { message, ...(hint === undefined ? {} : { hint }) });
      return undefined;
    }
  };
  const below = file === undefined ? undefined : folderBelow({ cwd, root, file });
  const named = file !== undefined && below === undefined;
  const top = await attempt(() => loadConfig({ cwd, root, file: named ? file : undefined, ruleIds }));
  const files = new Set(top?.files);
  const warnings = new Set(top?.warnings);
  const folders = below ?? (file === undefined && top?.folders ? await foldersWithOwn(root, cwd) : []);
  // Without the configuration of the root it cannot be told what folders may say.
  const configs = top && folderConfigs({ config: top, ruleIds });
  for (const logicalPath of folders) {
    const config = configs && (await attempt(() => configs.of({ path: join(root, logicalPath), logicalPath })));
    for (const name of config?.files ?? []) files.add(name);
    for (const warning of config?.warnings ?? []) warnings.add(warning);
  }
  return { files: [...files], problems: [...problems.values()], warnings: [...warnings] };
}

/** A file that is the configuration of a folder. */
function folderBelow(input: { cwd: string; root: string; file: string }): string[] | undefined {
  const way = relative(input.root, resolve(input.cwd, input.file)).split(sep).join('/');
  const isOfFolder = OWN_FILES.includes(basename(way)) && dirname(way) !== '.' && !way.startsWith('../');
  return isOfFolder ? [way] : undefined;
}

/** The configurations of folders among the files that a scan would read. */
async function foldersWithOwn(root: string, cwd: string): Promise<string[]> {
  const [{ listFolder }, { openRepository }] = await Promise.all([
    import('../../sources/list-folder.ts'),
    import('../../sources/repository.ts'),
  ]);
  if ((await openRepository(root))?.bare) return [];
  const { files } = await listFolder({ folder: root, cwd });
  return files
    .map(({ logicalPath }) => logicalPath)
    .filter((path) => OWN_FILES.includes(basename(path)) && path.includes('/'));
}
