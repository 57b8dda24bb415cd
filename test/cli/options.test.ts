import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { scanRequest } from '../../src/cli/scan-request.ts';
import { parsePreset } from '../../src/cli/settings.ts';
import type { Finding, Skipped } from '../../src/types.ts';
import { UserError } from '../../src/util/errors.ts';

describe('scanRequest', () => {
  it('makes one request of the options', () => {
    expect(scanRequest({}, [])).toEqual({ kind: 'worktree', paths: [] });
    expect(scanRequest({}, ['src', '.env'])).toEqual({ kind: 'worktree', paths: ['src', '.env'] });
    expect(scanRequest({ staged: true }, [])).toEqual({ kind: 'staged' });
    expect(scanRequest({ range: 'main..HEAD' }, [])).toEqual({ kind: 'range', range: 'main..HEAD' });
    expect(scanRequest({ history: true, unreachable: true }, [])).toEqual({ kind: 'history', unreachable: true });
    expect(scanRequest({ stdin: true, stdinFilename: 'a.env' }, [])).toEqual({ kind: 'stdin', filename: 'a.env' });
  });

  it.each([
    ['two kinds', { staged: true, history: true }, []],
    ['an empty range beside another kind', { staged: true, range: '' }, []],
    ['--unreachable alone', { unreachable: true }, []],
    ['--stdin-filename alone', { stdinFilename: 'a' }, []],
    ['paths with --staged', { staged: true }, ['src']],
    ['paths with --stdin', { stdin: true }, ['src']],
    ['- as a path', {}, ['-']],
  ])('refuses %s', (_, flags, paths) => {
    expect(() => scanRequest(flags, paths)).toThrow(UserError);
  });
});

describe('parsePreset', () => {
  it('knows the presets only', () => {
    expect(parsePreset('wide')).toBe('wide');
    expect(() => parsePreset('loose')).toThrow(/unknown preset/);
  });
});

describe('exitCodeOf', () => {
  const findings = [{} as Finding];
  const error: Skipped = { path: 'a', reason: 'gone', kind: 'error' };
  const policy: Skipped = { path: 'b', reason: 'large', kind: 'policy' };

  it.each([
    ['clean', { findings: [], skipped: [], interrupted: false }, 0],
    ['left out by a rule', { findings: [], skipped: [policy], interrupted: false }, 0],
    ['unreadable', { findings: [], skipped: [policy, error], interrupted: false }, 2],
    ['found', { findings, skipped: [], interrupted: false }, 1],
    ['found, and unreadable', { findings, skipped: [error], interrupted: false }, 1],
    ['stopped', { findings, skipped: [], interrupted: true }, 2],
  ])('%s', (_, report, code) => expect(exitCodeOf(report)).toBe(code));
});
