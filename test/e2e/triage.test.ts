import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFeedback } from '../../src/feedback/read.ts';
import { secretLine, secretValue, sss } from './program.ts';
import { makeRepository } from './repository.ts';
import { hasTerminal, onTerminal, type TerminalStep } from './terminal.ts';

const CONFIG = '.smart-secrets-scanner.toml';

/** A repository with the same password in so many files, and what comes of a session in it. */
function repository(count: number) {
  const made = makeRepository();
  for (let i = 1; i <= count; i++) made.stage(`app/${i}.py`, `import os\n\ndef f():\n    x = 1\n    ${secretLine}`);
  made.commit();
  const file = join(made.root, '.git', 'smart-secrets-scanner', 'feedback.jsonl');
  return {
    ...made,
    file,
    decisions: async () => (await readFeedback(file)).map(({ decision }) => decision),
    config: () => (existsSync(join(made.root, CONFIG)) ? readFileSync(join(made.root, CONFIG), 'utf8') : ''),
    on: (steps: TerminalStep[], more: Partial<Parameters<typeof onTerminal>[1]> & { args?: string[] } = {}) =>
      onTerminal(['triage', ...(more.args ?? [])], { cwd: made.root, steps, ...more }),
  };
}

describe.skipIf(!hasTerminal)('sss triage on a terminal', () => {
  it('shows what is to be decided, writes each decision at once, and goes on where it was left', async () => {
    const made = repository(3);
    const first = made.on([
      { wait: '1 of 3', send: 'f' },
      { wait: '2 of 3', send: 'h' },
      { wait: 'Written to', send: 'u' },
      { wait: 'Taken back', send: 'q' },
    ]);
    expect(first.status).toBe(1);
    const [screen] = first.screens;
    for (const part of [
      'app/1.py:5:20',
      '4 |     x = 1',
      'db_password = "********"',
      'Why     its name says a password',
    ])
      expect(screen).toContain(part);
    expect(first.seen).not.toContain(secretValue);
    // The screen is given back as it was, and what follows stays in sight.
    expect(first.seen.split('\x1b[?1049l')[1]).toContain('1 finding decided: 1 × a false alarm.');
    expect(first.seen).toContain('2 are left');
    expect([await made.decisions(), made.config()]).toEqual([['false-alarm'], '']);
    const second = made.on([
      { wait: '1 of 2', send: 'a' },
      { wait: '2 of 2', send: 'p' },
      { wait: 'All are decided', send: 'q' },
    ]);
    expect([second.status, await made.decisions()]).toEqual([0, ['false-alarm', 'accept', 'placeholder']]);
    expect(made.on([]).seen).toBe('Nothing is left to decide.\r\n');
    const again = made.on([{ wait: 'decided: a false alarm', send: 'q' }], { args: ['--again'] });
    expect(again.status).toBe(1);
  });

  it('shows values when it is told to, and keeps none all the same', () => {
    const made = repository(1);
    const { seen, screens } = made.on(
      [
        { wait: '1 of 1', send: 'h' },
        { wait: 'Written', send: 'q' },
      ],
      { args: ['--show-secrets', '--keep-prompts'] },
    );
    expect(screens[0]).toContain(`db_password = "${secretValue}"`);
    expect(seen).toContain('1 × allowed here');
    expect(readFileSync(made.file, 'utf8') + made.config()).not.toContain(secretValue);
  });

  it('decides on all that are alike, with a reason, and says what it writes before it does', async () => {
    const made = repository(3);
    const { screens, status } = made.on([
      { wait: '3 findings with this value (g)', send: 'r' },
      { wait: 'Reason: ', send: 'test data\r' },
      { wait: 'test data', send: 'e' },
      { wait: '3  let pass', send: '1' },
      { wait: 'Let pass this value', send: 'y' },
      { wait: 'All are decided', send: 'q' },
    ]);
    expect(status).toBe(0);
    expect(screens.join('\n')).toContain('this value, wherever it was found now: 3 findings.');
    expect(made.config()).toContain('reason = "test data"');
    expect(await made.decisions()).toEqual(['allow-everywhere', 'allow-everywhere', 'allow-everywhere']);
    expect(sss(['scan'], { cwd: made.root }).status).toBe(0);
  });

  it.each([
    ['Ctrl-C', { send: '\x03' }],
    ['Ctrl-D', { send: '\x04' }],
    ['SIGTERM', { signal: 'TERM' }],
    ['SIGHUP', { signal: 'HUP' }],
    ['SIGKILL', { signal: 'KILL' }],
  ] as const)('keeps what was decided at %s', async (_, end) => {
    const made = repository(2);
    const { status, seen } = made.on([
      { wait: '1 of 2', send: 'f' },
      { wait: '2 of 2', ...end },
    ]);
    expect(await made.decisions()).toEqual(['false-alarm']);
    if ('signal' in end && end.signal === 'KILL') expect(status).toBe(-9);
    else {
      expect(status).toBe(1);
      expect(seen.split('\x1b[?1049l')[1]).toContain('1 is left');
    }
  });

  it('fits into small terminals, and follows when they change', () => {
    const { screens } = repository(1).on(
      [
        { wait: '1 of 1', resize: [30, 10] },
        { wait: '1 of 1', send: '?' },
        { wait: 'Triage', resize: [120, 40] },
        { wait: 'Any key goes back', send: 'x' },
        { wait: '1 of 1', send: 'q' },
      ],
      { columns: 60, rows: 16 },
    );
    expect(screens[0]!.split('\n')).toHaveLength(16);
    expect(screens[1]!.split('\n')).toHaveLength(10);
    for (const line of screens[1]!.split('\n')) expect(line.length).toBeLessThanOrEqual(30);
    expect(screens.at(-1)!.split('\n')).toHaveLength(40);
  });

  it('writes no colours where none are wanted, and nothing raw of odd names', () => {
    const made = repository(1);
    made.stage('odd\x1b]0;x\x07\n\u202e/a.py', secretLine);
    const { seen, screens } = made.on(
      [
        { wait: '1 of 2', send: 's' },
        { wait: '2 of 2', send: 'q' },
      ],
      { args: ['--no-color'] },
    );
    expect(screens.join('\n')).toContain('odd\\x1b]0;x\\x07\\x0a\\u202e/a.py');
    expect(seen).not.toMatch(/\x1b\[\d+m/);
    expect(screens.join('').replaceAll('\n', '')).not.toMatch(/\p{C}/u);
  });

  it('takes no key for an answer that was pressed before there was a question', async () => {
    const made = repository(2);
    const { status } = made.on([
      { wait: '', send: 'fff' },
      { wait: '1 of 2', send: 'q' },
    ]);
    expect([status, await made.decisions()]).toEqual([1, []]);
  });

  it('comes back after Ctrl-Z', () => {
    const { seen, status } = repository(1).on([
      { wait: '1 of 1', send: '\x1a' },
      { wait: '\x1b[?1049l' },
      { wait: '1 of 1', send: 'q' },
    ]);
    expect([status, seen.match(/\x1b\[\?1049h/g)?.length]).toEqual([1, 2]);
  });

  it('says so when a decision cannot be written, and goes on', async () => {
    const made = repository(2);
    made.write('.gitleaks.toml', '[extend]\nuseDefault = true\n');
    const { status } = made.on([
      { wait: '1 of 2', send: 'h' },
      { wait: '.gitleaks.toml is in force', send: 'f' },
      { wait: '2 of 2', send: 'q' },
    ]);
    expect([status, await made.decisions()]).toEqual([1, ['false-alarm']]);
  });

  it('asks nothing where the terminal can show nothing', () => {
    const { status, seen } = repository(1).on([], { env: { TERM: 'dumb' } });
    expect([status, seen.includes('there is no terminal to ask on')]).toEqual([2, true]);
  });
});
