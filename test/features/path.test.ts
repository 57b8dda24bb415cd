import { describe, expect, it } from 'vitest';
import { pathSense } from '../../src/features/path.ts';

describe('pathSense', () => {
  it.each([
    ['code', ['src/app.ts', 'a.PY', 'Main.java', 'lib/x.go', 'x.cpp', 'a.mjs']],
    [
      'config',
      [
        'a.yml',
        'a.yaml',
        'x.toml',
        '.env',
        '.env.production',
        'config/.npmrc',
        'main.tf',
        'app.properties',
        'web.config',
      ],
    ],
    ['data', ['a.json', 'x.xml', 'dump.sql', 'yarn.lock']],
    ['doc', ['README', 'docs/a.md', 'x.rst', 'CHANGELOG.json']],
    ['shell', ['deploy.sh', 'Makefile', 'Dockerfile', 'docker/Dockerfile.prod', 'a.ps1']],
    ['template', ['index.html', 'a.vue', 'x.j2']],
    ['key', ['server.pem', 'id.pub', 'cert.p12']],
    ['other', ['LICENSE', 'a.bin', '', 'a/b']],
  ])('%s', (kind, paths) => {
    expect(paths.map((path) => [path, pathSense(path).kind])).toEqual(paths.map((path) => [path, kind]));
  });

  it.each([
    ['code', ['a.ipynb!cell 3', 'x.tar.gz!src/a.py', 'x.zip!notes.ipynb!cell 12']],
    [
      'config',
      [
        'img.tar!layer.tar!etc/shadow',
        'img.tar!config 0123456789ab!env',
        'a.zip!.env',
        'a.zip!app.yml',
        'a.tgz!.npmrc',
        'etc/passwd',
      ],
    ],
    ['shell', ['img.tar!config 0123456789ab!history', 'a.zip!Makefile', 'a.zip!b.tar!Dockerfile']],
    ['data', ['a.ipynb!cell 3 output', 'a.ipynb!metadata', 'app.db!users', 'x.zip!a.json']],
    ['doc', ['a.pdf!object 12', 'b.zip!a.pdf!metadata', 'a.zip!README']],
    ['other', ['img.tar!layer.tar!bin/ls', 'a.zip!cell 3', 'a.zip!etc/x.so']],
  ])('inside a container: %s', (kind, paths) => {
    expect(paths.map((path) => [path, pathSense(path).kind])).toEqual(paths.map((path) => [path, kind]));
  });

  it('knows sorts by what a container is called, and by what is in it', () => {
    expect(['a.zip!test/a.ts', 'fixtures.zip!a.ts'].map((path) => pathSense(path).test)).toEqual([true, true]);
    expect(pathSense('a.zip!yarn.lock').lock).toBe(true);
    expect(pathSense('a.zip!latest/a.ts').test).toBe(false);
  });

  it.each([
    ['test', ['test/a.ts', 'a.test.ts', 'src/__tests__/x.js', 'spec/a.rb', 'Fixtures/x', 'a_test.go']],
    ['example', ['examples/a.py', '.env.example', 'config.sample.yml', 'docs/a.ts', 'demo/x.js']],
    ['locale', ['locales/de.json', 'i18n/en.yml', 'res/lang/x.php']],
    ['lock', ['package-lock.json', 'a/yarn.lock', 'go.sum', 'pnpm-lock.yaml']],
    ['minified', ['a.min.js', 'dist/x.min.css', 'x.js.map']],
  ] as const)('knows paths of the sort: %s', (sort, paths) => {
    expect(paths.filter((path) => !pathSense(path)[sort])).toEqual([]);
    const others = ['src/app.ts', 'latest.ts', 'contest/a.ts', 'clock.ts', 'slang.ts', 'mapper.js', 'min.js'];
    expect(others.filter((path) => pathSense(path)[sort])).toEqual([]);
  });
});
