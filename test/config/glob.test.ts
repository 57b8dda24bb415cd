import { describe, expect, it } from 'vitest';
import { globToRegExp } from '../../src/config/glob.ts';

const matches = (glob: string, path: string) => {
  const result = globToRegExp(glob);
  if ('error' in result) throw new Error(result.error);
  return result.pattern.test(path);
};

describe('globToRegExp', () => {
  it.each<[glob: string, inside: string[], outside: string[]]>([
    ['*.lock', ['yarn.lock', 'a/b/yarn.lock', 'x.lock/y'], ['yarn.lock2', 'lock']],
    ['node_modules', ['node_modules/a.js', 'a/node_modules/b/c'], ['node_modules2/a', 'my_node_modules/a']],
    ['docs/**', ['docs/a', 'docs/a/b'], ['docs', 'x/docs/a']],
    ['/only/root', ['only/root', 'only/root/below'], ['x/only/root', 'only/rooted']],
    ['/top', ['top', 'top/a'], ['a/top']],
    ['dir/', ['dir/a', 'x/dir/a/b'], ['dir', 'x/dir']],
    ['a/b', ['a/b', 'a/b/c'], ['x/a/b']],
    ['a/*/c', ['a/b/c'], ['a/c', 'a/b/b/c']],
    ['a/**/c', ['a/c', 'a/b/c', 'a/b/b/c'], ['ac', 'a/b/cc']],
    ['**/test/**', ['test/a', 'x/test/a/b'], ['test', 'tests/a']],
    ['**/x.json', ['x.json', 'a/b/x.json'], ['ax.json']],
    ['file?.[ch]', ['file1.c', 'a/fileX.h'], ['file.c', 'file1.o']],
    ['[!a-c]x', ['dx', 'a/zx'], ['ax']],
    ['a[!b]c', ['axc'], ['a/c', 'abc']],
    ['*.{png,jpg}', ['a.png', 'b/a.jpg'], ['a.gif', 'a.{png,jpg}']],
    ['a+b(1).txt', ['a+b(1).txt'], ['aab1.txt']],
    ['\\*.md', ['*.md'], ['a.md']],
    ['*a*b*', ['xaxbx', 'ab'], ['ba']],
    ['a*b', ['ab', 'axb', 'abb'], ['a/b', 'aba']],
    ['*ab*ab', ['abab', 'xabyabab'], ['ab', 'aab']],
    ['**', ['a', 'a/b'], []],
    ['*', ['a', 'a/b'], []],
    ['.env*', ['.env', '.env.local', 'a/.env'], ['env']],
  ])('%s', (glob, inside, outside) => {
    for (const path of inside) expect(matches(glob, path), path).toBe(true);
    for (const path of outside) expect(matches(glob, path), path).toBe(false);
  });

  it.each(['!a', '/', '[a', '{a', '{a,{b}}', '[z-a]', 'a/**/b/**/c/**/d/**', 'x'.repeat(2000), '{a,b}'.repeat(20)])(
    'refuses %s',
    (glob) => expect(globToRegExp(glob)).toHaveProperty('error'),
  );

  it('stays quick with many stars', () => {
    // Without atomic stars this is about 255^20 steps.
    expect(matches(`${'*a'.repeat(20)}b`, `${'a'.repeat(255)}c`)).toBe(false);
  });
});
