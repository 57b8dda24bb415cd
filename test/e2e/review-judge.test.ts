import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Rollout } from '../../src/review/types.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { chatAnswer, fakeOllama, type Handler } from '../llm/fake-ollama.ts';
import { expectCleanFolder, expectNoValues, linesOf, plantedRepository, VALUES } from '../review/planted.ts';
import { packageFolder } from './program.ts';
import { temporaryDirectory } from './repository.ts';

/** A repository with a file in which something is in doubt, in a commit of its own, and a ticket for each. */
function doubtful(text = `login_pass = "${VALUES.doubt[0]}"\n`) {
  const { repository } = plantedRepository();
  repository.stage('doubt.py', text);
  const ref = repository.commit('doubt');
  const folder = temporaryDirectory();
  const tickets = { file: join(folder, 'file.jsonl'), commit: join(folder, 'commit.jsonl') };
  writeFileSync(tickets.file, '{"id": "doubt", "kind": "file", "ref": "doubt.py"}\n');
  writeFileSync(tickets.commit, `${JSON.stringify({ id: 'doubt', kind: 'commit', ref })}\n`);
  return { repository, tickets };
}

/** Judges something in doubt, while a server of this process goes on answering. */
async function reviewed(args: readonly string[], made = doubtful(), kind: 'file' | 'commit' = 'file') {
  const { repository, tickets } = made;
  const command = ['review', 'stage-b', '--tickets', tickets[kind], '--samples', '2', ...args];
  const child = spawn(process.execPath, [join(packageFolder, 'bin', 'smart-secrets-scanner.js'), ...command], {
    cwd: repository.root,
    env: { ...process.env, OLLAMA_HOST: '', SSS_CACHE_DIR: join(temporaryDirectory(), 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => void (output += text));
  const status = await new Promise<number | null>((done) => void child.on('close', done));
  expectNoValues(output, 'the output');
  const folder = join(repository.root, '.smart-secrets-scanner', 'reviews', 'default');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { repository, status, output, folder, read };
}

/** The same with a model that answers like this. */
async function judgedBy(answer: Handler) {
  const server = await fakeOllama({ answer });
  const run = await reviewed(['--judge', 'ollama:big', '--judge-url', server.url]);
  expectCleanFolder(run.repository);
  return { ...run, asked: server.asked() };
}

describe('sss review stage-b --judge', () => {
  it('has a model behind Ollama vote, and names it', async () => {
    const { status, read, asked, folder } = await judgedBy(() => chatAnswer('{"verdict":"secret"}'));
    expect(status).toBe(1);
    expect(asked).toHaveLength(6);
    const [rollout] = linesOf<Rollout>(join(folder, 'rollouts.jsonl'));
    expect(rollout!.votes.filter(({ by }) => by === 'llm')).toHaveLength(6);
    expect(JSON.parse(read('manifest.json')).stages['stage-b'].judge).toMatchObject({ name: 'ollama:big' });
    expect(read('report.md')).toContain('; ollama:big.');
  });

  it('says in the report that it gave no usable answer', async () => {
    const { status, read, output } = await judgedBy(() => chatAnswer('I would rather not say'));
    expect(status).toBe(1);
    expect(output).toContain('warning: ollama:big has failed on 1 of 1 ticket (');
    expect(read('report.md')).toContain('gave no usable answer 6 times');
  });

  it.each(['file', 'commit'] as const)('asks again, with --force, about a %s that it failed at', async (kind) => {
    let isWell = false;
    const answer: Handler = () => (isWell ? chatAnswer('{"verdict":"secret"}') : chatAnswer('I would rather not say'));
    const args = ['--judge', 'ollama:big', '--judge-url', (await fakeOllama({ answer })).url];
    const made = doubtful();
    const first = await reviewed(args, made, kind);
    expect(first.read('report.md')).toContain('gave no usable answer');
    isWell = true;
    const second = await reviewed([...args, '--force'], made, kind);
    expect(second.read('report.md')).not.toContain('gave no usable answer');
    const [rollout] = linesOf<Rollout>(join(second.folder, 'rollouts.jsonl'));
    expect(rollout!.votes.filter(({ by }) => by === 'llm')).toHaveLength(6);
  });

  it('asks about as many as if it had not been stopped', async () => {
    const line = (_: unknown, i: number) => `login_pass = "${fillExample(`mango{{digit:4}}tree${i}`)}"\n`;
    const made = doubtful(Array.from({ length: 60 }, line).join('\n'));
    const server = await fakeOllama({ answer: () => chatAnswer('{"verdict":"secret"}') });
    const args = ['--judge', 'ollama:big', '--judge-url', server.url, '--force'];
    const whole = await reviewed(args, made);
    const rollouts = whole.read('rollouts.jsonl');
    const asked = rollouts.split('\n').filter((line) => line.includes('"llm"'));
    expect(asked).toHaveLength(20);
    writeFileSync(join(whole.folder, 'rollouts.jsonl'), rollouts.split('\n').slice(0, 7).join('\n').concat('\n'));
    expect((await reviewed(args, made)).read('rollouts.jsonl')).toBe(rollouts);
  });

  it('lets the scanner vote alone where the server is down, and says so', async () => {
    const server = await fakeOllama({ answer: () => undefined });
    await server.close();
    const { status, output, read } = await reviewed(['--judge', 'ollama:big', '--judge-url', server.url]);
    expect(status).toBe(1);
    expect(output).toContain('warning: ollama:big was not asked');
    expect(read('report.md')).toContain('> ollama:big was not asked');
  });

  it('refuses what is no judge', async () => {
    const { status, output } = await reviewed(['--judge', 'nobody:x']);
    expect(status).toBe(2);
    expect(output).toMatch(/^error: /);
  });
});
