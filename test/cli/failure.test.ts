import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../src/cli/failure.ts';
import { UserError } from '../../src/util/errors.ts';

describe('describeFailure', () => {
  it('shows message and hint of an error that can be mended, without a stack', () => {
    const text = describeFailure(
      new UserError('no such file', { hint: 'look at the name', cause: new Error('inner') }),
    );
    expect(text).toBe('error: no such file\nhint: look at the name\n');
  });

  it('spells out what would act on a terminal', () => {
    expect(describeFailure(new UserError('no such file: a\u001b[2Jb'))).toBe('error: no such file: a\\x1b[2Jb\n');
  });

  it('shows where a bug is, but not its message, which may quote what was scanned', () => {
    const value = ['hunter', 'two', 'hunter', 'two'].join('-');
    let bug: unknown;
    try {
      JSON.parse(value);
    } catch (error) {
      bug = error;
    }
    const text = describeFailure(bug);
    expect((bug as Error).message).toContain(value.slice(0, 5));
    expect(text).toContain('please report');
    expect(text).toContain('SyntaxError');
    expect(text).toMatch(/at .*failure\.test/);
    expect(text).not.toContain('hunter');
  });

  it('keeps code and path of errors of the system, and survives what is no error', () => {
    const error = Object.assign(new Error('text'), { code: 'EIO', syscall: 'read', path: 'a.txt' });
    expect(describeFailure(error)).toContain('Error: EIO read a.txt');
    expect(describeFailure('value')).not.toContain('value');
  });

  it('knows that the current directory is gone', () => {
    const error = Object.assign(new Error('ENOENT: uv_cwd'), { code: 'ENOENT', syscall: 'uv_cwd' });
    expect(describeFailure(error)).toMatch(/^error: the current directory does not exist any more\nhint: /);
  });

  it('does not show lines of a message that look like a stack', () => {
    expect(describeFailure(new Error('first\n    at hunter2'))).not.toContain('hunter2');
  });
});
