import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { decisionMaker, judgeFiles } from '../learning/decisions.ts';
import { type MadeFile, madeRepository, TEAMS } from '../learning/team.ts';
import { sss } from './program.ts';
import { makeRepository, type TestRepository, temporaryDirectory } from './repository.ts';

const known: MadeFile[] = [1, 2].flatMap((i) => madeRepository({ team: TEAMS[2]!, seed: `end to end ${i}` }));
/** Shaped like a provider's key, with its checksum. */
const KEY = fillExample('{{[g]:1}}hp_{{alnum:30}}{{crc62}}');
let decisions: string;
let old: TestRepository;
let fresh: TestRepository;

function repositoryOf(files: readonly MadeFile[]): TestRepository {
  const repository = makeRepository();
  for (const { path, text } of files) repository.stage(path, text);
  repository.commit();
  return repository;
}

const run = ({ root }: TestRepository, ...args: string[]) => sss(args, { cwd: root });
function findings(repository: TestRepository, ...args: string[]): { path: string; line: number; reason: string }[] {
  const { stdout } = run(repository, 'scan', '--format', 'json', ...args);
  return JSON.parse(stdout).findings;
}

beforeAll(async () => {
  const write = await decisionMaker();
  const records: string[] = [];
  for (const one of await judgeFiles(known))
    if (one.verdict.label === 'secret') records.push(`${JSON.stringify(await write(one))}\n`);
  decisions = records.join('');
  old = repositoryOf(known);
  fresh = repositoryOf([
    ...madeRepository({ team: TEAMS[2]!, seed: 'end to end, new' }),
    { path: 'deploy/ci.env', text: `GITHUB_TOKEN=${KEY}\n`, secrets: [] },
  ]);
}, 120_000);

describe('a team that learns', { timeout: 120_000 }, () => {
  it('says what to do before there are decisions', () => {
    const { status, stderr } = run(old, 'train', '--feedback');
    expect(status).toBe(2);
    expect(stderr).toContain('there is no file');
    expect(stderr).toContain('sss triage');
    const few = decisions.split('\n').slice(0, 10).join('\n');
    store(old, `${few}\n`);
    expect(run(old, 'train', '--feedback').stderr).toContain('10 decisions are too few');
    store(old, `${few}\n{"v":1,\n${few}\n`);
    expect(run(old, 'train', '--feedback').stderr).toMatch(/feedback\.jsonl:11: /);
  });

  it('scans, decides, trains, uses, and scans again', () => {
    const before = findings(old);
    store(old, decisions);
    const trained = run(old, 'train', '--feedback');
    expect(trained.status).toBe(0);
    expect(trained.stdout).toMatch(/held decisions +\d+ → \d+ of \d+/);
    expect(trained.stdout).toMatch(/replay sample +\d+ → \d+ of \d+/);
    expect(old.git('status', '--porcelain')).toBe('');
    expect(findings(old)).toEqual(before);

    expect(run(old, 'model', 'list').stdout).toMatch(/^\* shipped[\s\S]*^ {2}team +\d+ decisions/m);
    expect(run(old, 'model', 'use', 'team').status).toBe(0);
    expect(run(old, 'model', 'list').stdout).toMatch(/^ {2}shipped[\s\S]*^\* team +\d+ decisions/m);
    const after = findings(old);
    expect(after.length).toBeLessThan(before.length / 2);
    expect(run(old, 'model', 'info').stdout).toContain('learned');
    expect(run(old, 'config', 'show', '--origin').stdout).toMatch(
      /^model = ".*\/models\/team" +# \.git\/smart-secrets-scanner\/model$/m,
    );
    expect(run(old, 'doctor').stdout).toMatch(/^ok +model +team in /m);
    expect(run(old, 'model', 'verify').status).toBe(0);

    // In a worktree as well.
    const place = join(temporaryDirectory(), 'beside');
    old.git('worktree', 'add', '--quiet', place);
    const beside = sss(['scan', '--format', 'json'], { cwd: place });
    expect(JSON.parse(beside.stdout).findings).toHaveLength(after.length);

    expect(run(old, 'model', 'use', 'shipped').status).toBe(0);
    expect(findings(old)).toEqual(before);
  });

  it('shares its model, which a new repository takes: half of the false alarms are gone, and every key stays', () => {
    const shared = join(temporaryDirectory(), 'models');
    const file = join(temporaryDirectory(), 'decisions.jsonl');
    writeFileSync(file, decisions);
    expect(run(fresh, 'train', '--feedback', file, '--models-dir', shared, '--name', 'shop').status).toBe(0);
    const before = findings(fresh);
    const model = join(shared, 'shop');
    expect(run(fresh, 'model', 'use', model).status).toBe(0);
    const after = findings(fresh);
    const secrets = new Set(
      madeRepository({ team: TEAMS[2]!, seed: 'end to end, new' }).flatMap((one) =>
        one.secrets.map(([start]) => `${one.path}:${one.text.slice(0, start).split('\n').length}`),
      ),
    );
    const places = (of: typeof before) => of.map(({ path, line }) => `${path}:${line}`);
    const alarms = (of: typeof before) =>
      places(of).filter((place) => !secrets.has(place) && !place.startsWith('deploy/ci'));
    expect(alarms(after).length).toBeLessThanOrEqual(alarms(before).length / 2);
    const lost = places(before).filter((place) => secrets.has(place) && !places(after).includes(place));
    expect(lost).toEqual([]);
    expect(places(after)).toContain('deploy/ci.env:1');

    const diff = run(fresh, 'model', 'diff');
    expect(diff.stdout).toContain(`${before.length} findings by shipped, ${after.length} by shop (in use)`);
    expect(diff.stdout).toContain('********');
    const gone = JSON.parse(run(fresh, 'model', 'diff', model, '--json').stdout);
    expect(gone.gone).toHaveLength(before.length - after.length);

    // What the configuration names comes first.
    fresh.write('.smart-secrets-scanner.toml', `model = ${JSON.stringify(model)}\n`);
    expect(run(fresh, 'model', 'use', 'shipped').stderr).toContain('the configuration names the model');
  });

  it('refuses decisions that mark everything as harmless, and keeps what it has', () => {
    const poisoned = decisions
      .trimEnd()
      .split('\n')
      .map((line) => `${JSON.stringify({ ...JSON.parse(line), label: 'harmless', decision: 'false-alarm' })}\n`);
    const team = join(old.root, '.git', 'smart-secrets-scanner', 'models', 'team', 'team.json');
    const before = readFileSync(team, 'utf8');
    store(old, poisoned.join(''));
    const { status, stderr } = run(old, 'train', '--feedback');
    expect(status).toBe(2);
    expect(stderr).toContain('0 of ');
    expect(readFileSync(team, 'utf8')).toBe(before);
  });

  it('says what is wrong with the model in use, and how to go back', () => {
    const folder = join(old.root, '.git', 'smart-secrets-scanner', 'models', 'team');
    expect(run(old, 'model', 'use', 'team').status).toBe(0);
    writeFileSync(join(folder, 'team.json'), '{}');
    const { status, stderr } = run(old, 'scan');
    expect(status).toBe(2);
    expect(stderr).toContain('team.json of the model in');
    expect(stderr).toContain('sss model use shipped');
    expect(run(old, 'model', 'list').stdout).toContain('cannot be used');
    expect(run(old, 'model', 'use', 'team').status).toBe(2);
    expect(run(old, 'model', 'use', 'nowhere').stderr).toContain('sss model list shows those there are');
    expect(run(old, 'model', 'use', 'shipped').status).toBe(0);
    expect(run(old, 'scan').status).toBe(1);
    expect(existsSync(join(old.root, '.git', 'smart-secrets-scanner', 'model'))).toBe(false);
  });

  it('needs a repository, or names of files and folders', () => {
    const cwd = temporaryDirectory();
    expect(sss(['model', 'use', 'team'], { cwd }).stderr).toContain('there is no repository here');
    expect(sss(['train', '--feedback'], { cwd }).stderr).toContain('there is no repository here');
    expect(sss(['train', '--name', 'x'], { cwd }).stderr).toContain('--name goes with --feedback');
  });
});

function store({ root }: TestRepository, text: string): void {
  const folder = join(root, '.git', 'smart-secrets-scanner');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'feedback.jsonl'), text);
}
