import { statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { folderConfigs } from '../../config/folders.ts';
import { defaultsOf, type Setting, settingsInForce } from '../../config/in-force.ts';
import { DEFAULT_CONFIG, type LayerFile, shownPath } from '../../config/index.ts';
import { ruleIds } from '../../rules/rule-ids.ts';
import type { Config } from '../../types.ts';
import { UserError } from '../../util/errors.ts';
import { modelPointer } from '../own-models.ts';
import { loadSettings, rootOf, type SettingsFlags } from '../settings.ts';

/** What is in force at a place, and who says so. */
export interface ShownConfig {
  files: readonly string[];
  warnings: readonly string[];
  settings: readonly Setting[];
}

const MASK = '********';

/**
 * Puts together what is in force.
 * @param input.path a file or folder; absent: the root
 * @throws UserError when something is wrong in a configuration
 */
export async function shownConfig(input: {
  path: string | undefined;
  flags: SettingsFlags;
  showSecrets: boolean;
}): Promise<ShownConfig> {
  const { path, flags, showSecrets } = input;
  const cwd = process.cwd();
  const layers: LayerFile[] = [];
  const onLayer = (layer: LayerFile) => void layers.push(layer);
  const top = await loadSettings({ cwd, flags, onLayer });
  const config = path === undefined ? top : await configAt({ top, path, cwd, onLayer });
  const { shippedModel } = await import('../../classify/model-folder.ts');
  const settings = await settingsInForce({
    defaults: defaultsOf(DEFAULT_CONFIG, shippedModel()),
    layers,
    overlay: [...(await chosenFor({ cwd, top, layers })), ...overlayOf(flags, top)],
    knownIds: await ruleIds(),
  });
  const { files, warnings } = config;
  return { files, warnings, settings: showSecrets ? settings : settings.map(masked) };
}

async function configAt(input: {
  top: Config;
  path: string;
  cwd: string;
  onLayer: (layer: LayerFile) => void;
}): Promise<Config> {
  const { top, path, cwd, onLayer } = input;
  const stats = statSync(resolve(cwd, path), { throwIfNoEntry: false });
  if (!stats) throw new UserError(`no such file or folder: ${path}`);
  if (!top.folders) return top;
  const { root } = top.folders;
  const way = relative(root, resolve(top.folders.cwd, path)).split(sep).join('/');
  if (way === '..' || way.startsWith('../') || isAbsolute(way)) {
    throw new UserError(`${path} is not in the folder whose configuration this is: ${root}`, {
      hint: 'change into its repository first',
    });
  }
  const logicalPath = stats.isDirectory() && way !== '' ? `${way}/file` : way;
  return folderConfigs({ config: top, ruleIds, onLayer }).of({ path: join(root, logicalPath), logicalPath });
}

/** The model that `sss model use` has chosen for the clone, which counts where no file names one. */
async function chosenFor(input: { cwd: string; top: Config; layers: readonly LayerFile[] }): Promise<Setting[]> {
  const { cwd, top, layers } = input;
  const pointer = modelPointer(await rootOf(cwd, []));
  const isNamed = top.model === undefined || layers.some(({ after }) => after.model !== undefined);
  if (pointer === undefined || isNamed) return [];
  return [{ key: 'model', value: top.model, origin: shownPath(cwd, pointer) }];
}

function overlayOf(flags: SettingsFlags, config: Config): Setting[] {
  const given: [keyof SettingsFlags, string, unknown][] = [
    ['preset', 'preset', config.preset],
    ['model', 'model', config.model],
    ['device', 'device', config.device],
    ['maxFileSize', 'max-file-size', config.maxFileSize],
    ['maxDepth', 'max-depth', config.maxDepth],
  ];
  return given
    .filter(([flag]) => flags[flag] !== undefined)
    .map(([, key, value]) => ({ key, value, origin: `command line --${key}` }));
}

/** Allowed values may be real passwords. */
function masked(setting: Setting): Setting {
  const { values } = setting.value as { values?: unknown };
  if (setting.key !== 'allow' || !Array.isArray(values)) return setting;
  return { ...setting, value: { ...(setting.value as object), values: values.map(() => MASK) } };
}
