import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join, relative, resolve } from 'node:path';
import { UserError } from '../../util/errors.ts';
import { readText } from '../read-file.ts';

const NAME = 'smart-secrets-scanner';

/** A configuration file to add to. */
export interface EditTarget {
  /** Absolute. */
  file: string;
  /** As the user would open it. */
  shown: string;
  form: 'toml' | 'yaml' | 'json';
  /** Keys that lead to what is ours: that of `package.json`. */
  prefix: readonly string[];
}

/**
 * The configuration of a folder that can be added to; where there is none, the one that is to be made.
 * @param input.file the one to use, relative to `cwd`, where the user has named it
 * @throws UserError where the configuration in force is one of gitleaks: an own one would take its place
 */
export async function editTarget(input: { root: string; cwd: string; file?: string | undefined }): Promise<EditTarget> {
  const { root, cwd, file } = input;
  if (file !== undefined) return targetOf(resolve(cwd, file), cwd);
  const names = new Set(readdirSync(root));
  const own = ['toml', 'yaml', 'yml', 'json'].map((ending) => `.${NAME}.${ending}`).find((name) => names.has(name));
  if (own !== undefined) return targetOf(join(root, own), cwd);
  const pack = join(root, 'package.json');
  if (names.has('package.json') && (await hasKey(pack))) return targetOf(pack, cwd);
  const foreign = ['.gitleaks.toml', 'gitleaks.toml'].find((name) => names.has(name));
  if (foreign === undefined) return targetOf(join(root, `.${NAME}.toml`), cwd);
  throw new UserError(
    `${foreign} is in force, which knows no fingerprints; a configuration of our own would end that`,
    {
      hint: `sss migrate gitleaks --write takes over what it says; then remove ${foreign}`,
    },
  );
}

async function hasKey(file: string): Promise<boolean> {
  const { packageConfig } = await import('../read-config.ts');
  return (await packageConfig(await readText(file, file), file)) !== undefined;
}

function targetOf(file: string, cwd: string): EditTarget {
  const way = relative(cwd, file);
  const shown = way.startsWith('..') ? file : way;
  const isPackage = basename(file) === 'package.json';
  const form = { '.toml': 'toml', '.yaml': 'yaml', '.yml': 'yaml', '.json': 'json' } as const;
  const found = form[extname(file).toLowerCase() as keyof typeof form];
  if (found === undefined) throw new UserError(`cannot tell the format of ${shown}`);
  if (!existsSync(file) && found !== 'toml') throw new UserError(`there is no ${shown}`);
  return { file, shown, form: found, prefix: isPackage ? [NAME] : [] };
}
