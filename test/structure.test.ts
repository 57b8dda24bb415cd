import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '..', 'src');

/** Imports point up this list: what comes later may use what comes earlier. */
const LAYERS = [
  'types',
  'util',
  'config',
  'containers',
  'sources',
  'decoders',
  'rules',
  'candidates',
  'features',
  'search',
  'classify',
  'llm',
  'findings',
  'report',
  'inspect',
  'cache',
  'scan',
  'explain',
  'fix',
  'review',
  'feedback',
  'triage',
  'index',
  'cli',
];
const LONGEST_FILE = 320;

interface Import {
  /** `./x.ts`, `node:fs` or the name of a package. */
  specifier: string;
  kind: 'static' | 'type' | 'dynamic';
}

const STATIC = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'/g;

function importsOf(text: string): Import[] {
  return [
    ...[...text.matchAll(STATIC)].map(
      ([, type, specifier]): Import => ({
        specifier: specifier!,
        kind: type === undefined ? 'static' : 'type',
      }),
    ),
    ...[...text.matchAll(DYNAMIC)].map(([, specifier]): Import => ({ specifier: specifier!, kind: 'dynamic' })),
  ];
}

/** Every file of `src/` by its path in there, `/`-separated. */
const FILES = new Map(
  readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.split(sep).join('/'))
    .sort()
    .map((name) => [name, readFileSync(join(SRC, name), 'utf8')]),
);
const IMPORTS = new Map([...FILES].map(([file, text]) => [file, importsOf(text)]));

const isRelative = ({ specifier }: Import) => specifier.startsWith('.');
const target = (file: string, { specifier }: Import) =>
  relative(SRC, join(SRC, dirname(file), specifier))
    .split(sep)
    .join('/');
const layer = (file: string) => LAYERS.indexOf(file.split('/')[0]!.replace(/\.ts$/, ''));

/** The files that `file` leads to by imports of these kinds, itself included. */
function reachable(file: string, kinds: readonly Import['kind'][], seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const one of IMPORTS.get(file) ?? []) {
    if (isRelative(one) && kinds.includes(one.kind)) reachable(target(file, one), kinds, seen);
  }
  return seen;
}

/** A chain of imports from `file` back to itself, or undefined. */
function cycleFrom(file: string, done: Set<string>, path: readonly string[] = []): readonly string[] | undefined {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const one of IMPORTS.get(file) ?? []) {
    // A type is gone when the program runs, and what is imported while it runs is there by then.
    const cycle = isRelative(one) && one.kind === 'static' && cycleFrom(target(file, one), done, [...path, file]);
    if (cycle) return cycle;
  }
  done.add(file);
  return undefined;
}

describe('the imports of src/', () => {
  it('are read right', () => {
    const text = `import a from './a.ts';\nimport type { B } from './b.ts';\nimport {\n  c,\n  type D,\n} from './c.ts';\nexport * from './d.ts';\nexport type * from './e.ts';\nimport './f.ts';\nconst g = await import('./g.ts');\nexport const h = 'from';\n`;
    expect(importsOf(text).map(({ specifier, kind }) => `${kind} ${specifier}`)).toEqual([
      'static ./a.ts',
      'type ./b.ts',
      'static ./c.ts',
      'static ./d.ts',
      'type ./e.ts',
      'static ./f.ts',
      'dynamic ./g.ts',
    ]);
    expect(FILES.size).toBeGreaterThan(100);
    expect([...IMPORTS.values()].flat().length).toBeGreaterThan(300);
  });

  it('lead to files that are there, of known folders', () => {
    const missing = [...IMPORTS].flatMap(([file, imports]) =>
      imports
        .filter((one) => isRelative(one) && !FILES.has(target(file, one)))
        .map((one) => `${file} → ${one.specifier}`),
    );
    expect(missing).toEqual([]);
    expect([...FILES.keys()].filter((file) => layer(file) < 0)).toEqual([]);
  });

  it('point up the list of folders', () => {
    const wrong = [...IMPORTS].flatMap(([file, imports]) =>
      imports
        .filter((one) => isRelative(one) && layer(target(file, one)) > layer(file))
        .map((one) => `${file} → ${target(file, one)}`),
    );
    expect(wrong).toEqual([]);
  });

  it('of one file never lead back to it', () => {
    const done = new Set<string>();
    const cycles = [...FILES.keys()].map((file) => cycleFrom(file, done)?.join(' → '));
    expect([...new Set(cycles)].filter((cycle) => cycle !== undefined)).toEqual([]);
  });

  it('name every file of rules in the index of rules', () => {
    const exporting = [...FILES]
      .filter(([file, text]) => /^rules\/builtin\/(?!index\.ts)/.test(file) && /^export const \w+Rules\b/m.test(text))
      .map(([file]) => file);
    expect(exporting.length).toBeGreaterThan(20);
    const named = IMPORTS.get('rules/builtin/index.ts')!.map((one) => target('rules/builtin/index.ts', one));
    expect(exporting.filter((file) => !named.includes(file))).toEqual([]);
    const index = FILES.get('rules/builtin/index.ts')!;
    const imported = [...index.matchAll(/^import \{ (\w+Rules) \}/gm)].map(([, name]) => name!);
    expect(imported).toHaveLength(exporting.length);
    expect(imported.filter((name) => !index.includes(`...${name},`))).toEqual([]);
  });
});

describe('the files of src/', () => {
  it('are short', () => {
    const long = [...FILES].map(([file, text]) => [file, text.split('\n').length] as const);
    expect(long.filter(([, lines]) => lines > LONGEST_FILE)).toEqual([]);
  });

  it('are called in kebab case', () => {
    expect(
      [...FILES.keys()].filter((file) => !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/.test(file)),
    ).toEqual([]);
  });
});

describe('the path of a hook', () => {
  const packages = (files: Iterable<string>, kinds: readonly Import['kind'][]) =>
    [...files].flatMap((file) =>
      IMPORTS.get(file)!
        .filter((one) => !isRelative(one) && !one.specifier.startsWith('node:') && kinds.includes(one.kind))
        .map((one) => `${file}: ${one.specifier}`),
    );

  it('loads no package with it', () => {
    const files = reachable('cli/hook/main.ts', ['static']);
    expect(files.size).toBeGreaterThan(5);
    expect(packages(files, ['static'])).toEqual([]);
  });

  it.each(['scan.ts', 'sources/index.ts', 'sources/staged.ts', 'config/index.ts', 'report/text.ts'])(
    'loads none with %s, which it loads when it scans',
    (file) => expect(packages(reachable(file, ['static']), ['static'])).toEqual([]),
  );

  it('loads nothing that opens containers before one is met', () => {
    const files = [...reachable('sources/staged.ts', ['static'])].filter((file) => file.startsWith('containers/'));
    expect(files).toEqual(['containers/sniff.ts']);
    // Of the formats, each comes when it is met.
    const formats = [...reachable('containers/index.ts', ['static'])].filter((file) => file.startsWith('containers/'));
    expect(formats.sort()).toEqual(['index', 'limits', 'sniff', 'unpack'].map((name) => `containers/${name}.ts`));
    expect(packages(reachable('containers/index.ts', ['static']), ['static'])).toEqual([]);
  });

  it('starts before anything of the other commands is loaded', () => {
    const start = reachable('cli/main.ts', ['static']);
    expect([...start].filter((file) => file.startsWith('cli/commands/') || file === 'cli/program.ts')).toEqual([]);
    expect(packages(start, ['static'])).toEqual([]);
  });

  it('has commands that load no package but their own before they run', () => {
    const loaded = packages(reachable('cli/program.ts', ['static']), ['static']).map((one) => one.split(': ')[1]);
    expect([...new Set(loaded)]).toEqual(['commander']);
  });
});

describe('the files of training/', () => {
  const TRAINING = join(import.meta.dirname, '..', 'training');
  const files = readdirSync(TRAINING, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.split(sep).join('/'))
    .sort();
  /** Imports point up this list. Of the pipeline, all may know what a step is given. */
  const ORDER = ['data', 'learning', 'evaluation', 'pipeline'];
  const CONTEXT = 'pipeline/context.ts';
  const place = (file: string) => ORDER.indexOf(file.split('/')[0]!);
  const imports = files.flatMap((file) =>
    importsOf(readFileSync(join(TRAINING, file), 'utf8'))
      .filter(isRelative)
      .map(({ specifier, kind }) => {
        const path = join(TRAINING, dirname(file), specifier);
        const to = relative(TRAINING, path).split(sep).join('/');
        return { file, to, kind, inSource: to.startsWith('../src/') };
      }),
  );

  it('are in the folders data, learning, evaluation and pipeline, which import what comes earlier, and src', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => place(file) < 0)).toEqual([]);
    const wrong = imports.filter(({ file, to, kind, inSource }) => {
      if (inSource || (to === CONTEXT && kind === 'type')) return false;
      return place(to) < 0 || place(to) > place(file);
    });
    expect(wrong.map(({ file, to }) => `${file} → ${to}`)).toEqual([]);
  });

  it('import files that are there', () => {
    const missing = imports.filter(({ to }) => !existsSync(join(TRAINING, to)));
    expect(missing.map(({ file, to }) => `${file} → ${to}`)).toEqual([]);
  });

  it('are not imported by src, which loads the built training by its path', () => {
    const wrong = [...IMPORTS].flatMap(([file, list]) =>
      list
        .filter((one) => isRelative(one) && target(file, one).startsWith('..'))
        .map((one) => `${file} → ${one.specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('are short, and called in kebab case', () => {
    const lines = (file: string) => readFileSync(join(TRAINING, file), 'utf8').split('\n').length;
    expect(files.filter((file) => lines(file) > LONGEST_FILE)).toEqual([]);
    expect(files.filter((file) => !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/.test(file))).toEqual(
      [],
    );
  });
});
