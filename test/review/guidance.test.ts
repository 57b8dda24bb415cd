import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { guidanceOf, inWords, isActive, parseGuidance, printGuidance } from '../../src/review/guidance.ts';
import type { Seen } from '../../src/review/types.ts';
import { makeRepository } from '../e2e/repository.ts';

const line = (more: object) => JSON.stringify({ treat: 'harmless', path: '/docs/', because: 'made up', ...more });
const seen = (more: Partial<Seen> = {}) =>
  ({ logicalPath: 'docs/a.md', rule: 'generic-password', name: 'dbPassword', shape: 'words', ...more }) as Seen;

describe('lines of guidance', () => {
  it('hold where all that they name holds', () => {
    const of = (more: object, candidate: Partial<Seen> = {}) =>
      guidanceOf(parseGuidance(line(more), 'g')).of(seen(candidate)) !== undefined;
    expect(of({})).toBe(true);
    expect(of({}, { logicalPath: 'src/docs/a.md' })).toBe(false);
    expect(of({ rule: 'generic-*' })).toBe(true);
    expect(of({ rule: 'aws-*' })).toBe(false);
    expect(of({ name: '*password' })).toBe(true);
    expect(of({ name: '*token' })).toBe(false);
    expect(of({ name: '*' }, { name: undefined as never })).toBe(true);
    expect(of({ shape: 'uuid' })).toBe(false);
  });

  it('call a secret what one of them calls so', () => {
    const lines = parseGuidance(`${line({})}\n${line({ treat: 'secret', path: '/docs/keys/' })}\n`, 'g');
    expect(guidanceOf(lines).of(seen({ logicalPath: 'docs/keys/a' }))?.treat).toBe('secret');
    expect(guidanceOf(lines).of(seen())?.treat).toBe('harmless');
  });

  it('are the same text when they are read and printed again, in one order', () => {
    const lines = [line({}), line({ name: 'x' }), line({ treat: 'secret' })];
    const text = printGuidance(parseGuidance(lines.join('\n'), 'g'));
    expect(printGuidance(parseGuidance(lines.reverse().join('\n'), 'g'))).toBe(text);
    expect(printGuidance(parseGuidance(text, 'g'))).toBe(text);
    expect(text.split('\n')).toHaveLength(4);
  });

  it('have a version that changes with what holds, and with nothing else', () => {
    const version = (text: string) => guidanceOf(parseGuidance(text, 'g')).version;
    expect(version('')).toBe('none');
    expect(version(line({ because: 'another reason' }))).toBe(version(line({})));
    expect(version(line({ shape: 'hex' }))).not.toBe(version(line({})));
  });

  it('hold no more once they are retired, also when a merge brings both', () => {
    const [one] = parseGuidance(line({}), 'g');
    const retired = { ...one!, changes: [...one!.changes, { revision: 2, action: 'retired', because: 'wrong' }] };
    for (const text of [JSON.stringify(retired), `${JSON.stringify(retired)}\n${JSON.stringify(one)}\n`]) {
      const lines = parseGuidance(text, 'g');
      expect(lines).toHaveLength(1);
      expect(lines[0]!.changes).toHaveLength(2);
      expect(isActive(lines[0]!)).toBe(false);
      expect(guidanceOf(lines).of(seen())).toBeUndefined();
    }
  });

  it.each([
    ['{"treat": "harmless"', /g:1: it is no JSON/],
    [line({ treat: 'fine' }), /g:1: treat must be one of/],
    [line({ value: 'x' }), /g:1: value is not a known key/],
    [line({ path: '!x' }), /g:1: path is no valid path pattern/],
    [line({ id: 'g-000000000000' }), /g:1: id is not that of what the line says/],
    [`${line({})}\n<<<<<<< ours\n`, /g:2: a merge has left a conflict/],
    ['{"treat": "harmless", "rule": "*", "because": "x"}', /must look at a path or a name/],
    ['{"treat": "harmless", "path": "x"}', /needs the key "because"/],
  ])('are refused by their line: %s', (text, what) => {
    expect(() => parseGuidance(text, 'g')).toThrow(what);
  });

  it('are merged by git where two branches add some', () => {
    const repository = makeRepository();
    const file = 'guidance.jsonl';
    const withNames = (names: readonly string[]) =>
      printGuidance(parseGuidance(names.map((name) => line({ name })).join('\n'), 'g'));
    const base = Array.from({ length: 12 }, (_, i) => `base${i}`);
    repository.stage('.gitattributes', '*.jsonl merge=union\n');
    repository.stage(file, withNames(base));
    repository.commit();
    repository.git('checkout', '--quiet', '-b', 'other');
    repository.stage(file, withNames([...base, 'theirs', 'both']));
    repository.commit();
    repository.git('checkout', '--quiet', 'main');
    repository.stage(file, withNames([...base, 'ours', 'both']));
    repository.commit();
    repository.git('merge', '--quiet', 'other');
    const merged = spawnSync('git', ['show', `HEAD:${file}`], { cwd: repository.root, encoding: 'utf8' }).stdout;
    const names = parseGuidance(merged, 'g').map(({ name }) => name);
    expect(names.sort()).toEqual([...base, 'both', 'ours', 'theirs'].sort());
  });

  it('are told in words', () => {
    const [one] = parseGuidance(line({ name: '*_sample', rule: 'generic-*', shape: 'words' }), 'g');
    expect(inWords(one!)).toBe(
      'Treat values of the name `*_sample` found by the rule `generic-*` of the kind `words` in `/docs/` as harmless, because made up',
    );
  });
});
