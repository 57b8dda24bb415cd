import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseConfig, readText } from '../../src/config/read-file.ts';
import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import { findPython, runProgram, soundsOffline } from './python.ts';
import type { PipelineContext } from './step.ts';

/** One released package. */
export interface Package {
  readonly registry: 'npm' | 'pypi';
  /** As the registry's own client takes it: `lodash@4.17.21`, `requests==2.32.3`. */
  readonly spec: string;
  /** Of the archive: `sha512-…` or `sha256-…`, base64. */
  readonly integrity: string;
}

type Context = Pick<PipelineContext, 'setup' | 'signal' | 'progress' | 'log'>;
/** Gets the archive of a package into an empty folder. */
type Fetch = (one: Package, folder: string) => Promise<void>;

/**
 * Reads the recipe: `npm` and `pypi`, each a list of `package` and `integrity`.
 * @throws UserError when something in it is not as it must be
 */
export async function readRecipe(path: string): Promise<Package[]> {
  const name = basename(path);
  const data = (await parseConfig(await readText(path, name), name)).data as Record<string, unknown>;
  return (['npm', 'pypi'] as const).flatMap((registry) => {
    const list = (data[registry] ?? []) as readonly { package?: unknown; integrity?: unknown }[];
    return list.map((entry) => {
      const { package: spec, integrity } = entry;
      const fixed =
        registry === 'npm' ? /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*@\d[\w.+-]*$/ : /^[A-Za-z0-9][\w.-]*==\d[\w.+-]*$/;
      if (typeof spec !== 'string' || !fixed.test(spec)) throw new UserError(`${name}: ${spec} is not a fixed version`);
      if (typeof integrity !== 'string' || !/^sha(?:256|512)-[A-Za-z0-9+/]{43,88}={0,2}$/.test(integrity)) {
        throw new UserError(`${name}: ${spec} has no checksum`);
      }
      return { registry, spec, integrity };
    });
  });
}

/** The folder that a package is unpacked into: `aws-sdk-client-s3-3.823.0`. */
export function packageFolder({ registry, spec }: Package): string {
  const at = registry === 'npm' ? spec.lastIndexOf('@') : spec.indexOf('==');
  const version = spec.slice(at).replace(/^[@=]+/, '');
  return `${spec.slice(0, at).replace(/^@/, '').replaceAll('/', '-').toLowerCase()}-${version}`;
}

/**
 * Downloads and unpacks what is not there yet; every archive is checked before it is opened.
 * @throws UserError offline, and when an archive is not what the recipe says
 */
export async function fetchPackages(input: {
  recipe: readonly Package[];
  folder: string;
  context: Context;
  fetch?: Fetch;
}): Promise<void> {
  const { recipe, folder, context, fetch = fetcher(context) } = input;
  mkdirSync(folder, { recursive: true });
  const list = join(folder, '.packages.json');
  const done: Record<string, string> = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : {};
  for (const [index, one] of recipe.entries()) {
    context.signal.throwIfAborted();
    context.progress(index, recipe.length, one.spec);
    const target = join(folder, packageFolder(one));
    if (done[one.spec] === one.integrity && existsSync(target)) continue;
    const work = join(folder, `.work-${process.pid}`);
    try {
      rmSync(work, { recursive: true, force: true });
      mkdirSync(join(work, 'archive'), { recursive: true });
      mkdirSync(join(work, 'content'));
      await fetch(one, join(work, 'archive'));
      const archive = checkedArchive(one, join(work, 'archive'));
      const command = ['tar', '-xzf', archive, '-C', join(work, 'content')];
      const { code, tail } = await runProgram({ command, signal: context.signal });
      if (code !== 0) throw new UserError(`the archive of ${one.spec} cannot be unpacked: ${tail}`);
      rmSync(target, { recursive: true, force: true });
      renameSync(join(work, 'content'), target);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    done[one.spec] = one.integrity;
    writeWithFolders(list, `${JSON.stringify(done, null, 2)}\n`);
  }
}

function checkedArchive({ spec, integrity }: Package, folder: string): string {
  const [name] = readdirSync(folder).filter((file) => /\.(?:tgz|tar\.gz)$/.test(file));
  if (name === undefined) throw new UserError(`no archive of ${spec} came`);
  const path = join(folder, name);
  const kind = integrity.slice(0, integrity.indexOf('-'));
  const got = `${kind}-${createHash(kind).update(readFileSync(path)).digest('base64')}`;
  if (got === integrity) return path;
  throw new UserError(
    `the archive of ${spec} is not the one that training/config/corpora.yaml names: its checksum is ${got}`,
    {
      hint: 'a mirror may have changed it; nothing of it was unpacked. Without these packages: data.packages: none',
    },
  );
}

function fetcher({ setup, signal }: Context): Fetch {
  let python: string | undefined;
  return async (one, folder) => {
    const npm = ['npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder, one.spec];
    const pip = (): string[] => {
      python ??= findPython(setup.python).path;
      const flags = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--no-binary', ':all:'];
      return [python, '-m', 'pip', 'download', ...flags, '--dest', folder, one.spec];
    };
    const command = one.registry === 'npm' ? npm : pip();
    // In a folder of its own, so that no settings of a project at hand are heeded.
    const { code, tail } = await runProgram({ command, signal, cwd: folder });
    if (code === 0) return;
    const problem = soundsOffline(tail) ? ': the registry does not answer' : ` (exit code ${code}):\n${tail}`;
    throw new UserError(`${one.spec} cannot be downloaded${problem}`, {
      hint: 'go online once, or go without these packages: data.packages: none in a file for --config',
    });
  };
}
