import { describe, expect, it } from 'vitest';
import { isJsonPath, keyPathsAt } from '../../src/findings/json-keys.ts';

const pathOf = (text: string, value: string) => keyPathsAt(text, [text.indexOf(value)]).get(text.indexOf(value));

describe('keyPathsAt', () => {
  it('names where a value stands', () => {
    const text = JSON.stringify({ a: 1, db: { users: [{ name: 'x' }, { 'pass.word': 'VALUE' }] }, last: ['y', 'END'] });
    expect(pathOf(text, 'VALUE')).toBe('db.users.1.pass.word');
    expect(pathOf(text, 'END')).toBe('last.1');
    expect(pathOf(JSON.stringify({ 'quo"te': 'VALUE' }), 'VALUE')).toBe('quo"te');
  });

  it('reads past comments, braces in texts, and what is broken off', () => {
    expect(pathOf('{ // a "b": {\n "c": "}{[,", /* "d": */ "e": "VALUE" }', 'VALUE')).toBe('e');
    expect(pathOf('{"a": {"b": "VALUE', 'VALUE')).toBe('a.b');
    expect(pathOf('"VALUE"', 'VALUE')).toBeUndefined();
    expect(pathOf('}]{"a": "VALUE"', 'VALUE')).toBe('a');
  });

  it('takes a time that grows with the text only', () => {
    const text = `${'{"a":['.repeat(100_000)}"VALUE"`;
    expect(pathOf(text, 'VALUE')?.split('.').length).toBe(200);
  });

  it('is for JSON by its name', () => {
    expect(['a.json', 'dir/b.JSON', 'c.jsonc'].every(isJsonPath)).toBe(true);
    expect(['a.yaml', 'json', 'a.json.txt'].some(isJsonPath)).toBe(false);
  });
});
