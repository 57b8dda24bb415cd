import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fillExample } from '../../src/rules/examples.ts';
import { makeOciImage, makeOldImage, makePdf, makeTar, makeZip } from '../containers/make.ts';
import { sss } from './program.ts';
import { makeRepository, temporaryDirectory } from './repository.ts';

const token = fillExample('ghp_{{alnum:30}}{{crc62}}');
const line = `GITHUB_TOKEN=${token}\n`;
const zip = makeZip([
  { name: 'readme.txt', data: 'nothing here\n' },
  { name: 'inner.tar.gz', data: gzipSync(makeTar([{ name: 'dir/c.env', data: `A=1\n${line}` }])) },
]);
interface Row {
  path: string;
  line: number;
  ruleId: string;
  inHead?: boolean;
  related?: { path: string }[];
}

/** The findings of a scan, and what it left out. */
function scan(args: readonly string[], cwd: string, input?: Buffer) {
  const { status, stdout, stderr } = sss(['scan', '--no-model', '--format', 'json', ...args], {
    cwd,
    ...(input ? { input } : {}),
  });
  expect(stdout + stderr).not.toContain(token);
  const { findings, report } = JSON.parse(stdout) as { findings: Row[]; report: { skipped: { path: string }[] } };
  const places = findings.map((row) => `${row.path}:${row.line}`);
  return { status, findings, places, skipped: report.skipped.map(({ path }) => path) };
}

describe('containers', () => {
  it('that are cut off are told of, and odd names in them are made harmless', () => {
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, 'sub'));
    writeFileSync(join(cwd, 'c.tar'), makeTar([{ name: 'new\nline', data: line }]));
    const hex = Buffer.from(`BT (token: ${token}) Tj ET`).toString('hex');
    writeFileSync(
      join(cwd, 'f.pdf'),
      makePdf([
        `<< /Filter /ASCIIHexDecode /Length ${hex.length + 1} >>\nstream\n${hex}>\nendstream`,
        '<< /Filter /Novelty /Length 1 >>\nstream\nx\nendstream',
      ]),
    );
    writeFileSync(
      join(cwd, 'sub', 'half.zip'),
      makeZip([
        { name: 'x.env', data: line, method: 0 },
        { name: 'y', data: line },
      ]).subarray(0, 120),
    );
    const { status, places, skipped } = scan(['.'], cwd);
    expect(places).toEqual(['c.tar!new\nline:1', 'f.pdf!object 1:1', 'sub/half.zip!x.env:1']);
    expect(status).toBe(1);
    expect(skipped).toEqual(['f.pdf', 'sub/half.zip!y', 'sub/half.zip']);
    const text = sss(['scan', '--no-model', '.'], { cwd });
    expect(text.stdout).toContain('sub/half.zip!x.env:1');
    expect(text.stdout).not.toMatch(/new\nline/);
  });

  it('are opened as deep as the configuration or an option says', () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.zip'), zip);
    const place = 'a.zip!inner.tar.gz!dir/c.env:2';
    expect(scan(['.'], cwd).places).toEqual([place]);
    expect(scan(['--max-depth', '1', '.'], cwd)).toMatchObject({ places: [], skipped: ['a.zip!inner.tar.gz'] });
    writeFileSync(join(cwd, '.smart-secrets-scanner.toml'), 'max-depth = 0\n');
    expect(scan(['.'], cwd)).toMatchObject({ status: 0, places: [], skipped: ['a.zip'] });
    expect(scan(['--max-depth', '2', '.'], cwd).places).toEqual([place]);
    const { stdout } = sss(['scan', '--no-model', '--format', 'json', '.'], { cwd });
    expect(stdout).toContain('a container (zip): not opened (max-depth is 0)');
    const { root, stage } = makeRepository();
    stage('a.zip', zip);
    expect(scan(['--staged', '--max-depth', '1'], root)).toMatchObject({ places: [], skipped: ['a.zip!inner.tar.gz'] });
    expect(scan(['--stdin', '--max-depth', '0'], root, zip)).toMatchObject({ places: [], skipped: ['<stdin>'] });
  });

  it('that are images give what is in their layers, their variables and their history', () => {
    const cwd = temporaryDirectory();
    const input = {
      layers: [[{ name: 'bin/run', data: 'echo' }], [{ name: 'srv/app/.env', data: line }]],
      env: ['PATH=/bin', `GH_TOKEN=${token}`],
      history: ['RUN true', `RUN curl -H "Authorization: token ${token}" https://example.org`],
    };
    const oci = makeOciImage({ ...input, packed: true });
    const old = makeOldImage(input);
    writeFileSync(join(cwd, 'new.tar'), oci.image);
    writeFileSync(join(cwd, 'old.tar.gz'), gzipSync(old.image));
    expect(scan(['.'], cwd)).toMatchObject({
      status: 1,
      skipped: [],
      places: [
        `new.tar!config ${oci.config}!env:2`,
        `new.tar!config ${oci.config}!history:2`,
        `new.tar!layer ${oci.layers[1]}!srv/app/.env:1`,
        `old.tar.gz!config ${old.config}!env:2`,
        `old.tar.gz!config ${old.config}!history:2`,
        `old.tar.gz!layer ${old.layers[1]}!srv/app/.env:1`,
      ],
    });
    expect(scan(['--max-depth', '1', '.'], cwd).places).toHaveLength(6);
  });

  it('look new to rules of certain paths', () => {
    const cwd = temporaryDirectory();
    writeFileSync(
      join(cwd, '.smart-secrets-scanner.toml'),
      `[[rules.custom]]\nid = "acme-key"\npattern = "acme_[a-z0-9]{12}"\npath = '/(^|/)deploy.env$/'\nconfidence = "certain"\n`,
    );
    const data = fillExample('acme_{{lownum:12}}\n');
    const names = ['deploy.env', 'sub/deploy.env', 'other.env'];
    writeFileSync(join(cwd, 'a.zip'), makeZip(names.map((name) => ({ name, data }))));
    const found = scan(['.'], cwd).findings.filter(({ ruleId }) => ruleId === 'acme-key');
    expect(found.map(({ path }) => path)).toEqual(['a.zip!deploy.env', 'a.zip!sub/deploy.env']);
  });

  it('are opened in what is staged, in a range, in history and from a stream', () => {
    const repository = makeRepository();
    const { root: cwd } = repository;
    repository.commit('first');
    repository.stage('a.zip', zip);
    const place = 'a.zip!inner.tar.gz!dir/c.env:2';
    expect(scan(['--staged'], cwd)).toMatchObject({ status: 1, places: [place] });
    repository.commit('second');
    repository.git('mv', 'a.zip', 'moved.zip');
    repository.commit('moved');
    repository.git('rm', '--quiet', 'moved.zip');
    repository.commit('gone');
    expect(scan(['.'], cwd).places).toEqual([]);
    expect(scan(['--range', 'HEAD~2'], cwd).places).toEqual([place]);
    const { findings } = scan(['--history'], cwd);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ inHead: false });
    const both = [findings[0]!.path, ...findings[0]!.related!.map(({ path }) => path)];
    expect(both.sort()).toEqual(['a.zip', 'moved.zip'].map((name) => `${name}!inner.tar.gz!dir/c.env`));
    expect(scan(['--stdin', '--stdin-filename', 'x.zip'], cwd, zip).places).toEqual(['x.zip!inner.tar.gz!dir/c.env:2']);
  });

  it('are let pass by the path of the container', () => {
    const repository = makeRepository();
    const { root: cwd } = repository;
    repository.write('.smart-secrets-scanner.toml', '[[allow]]\npaths = ["a.zip"]\n');
    repository.stage('a.zip', zip);
    expect(scan(['--staged'], cwd)).toMatchObject({ status: 0, places: [] });
    repository.git('mv', 'a.zip', 'b.zip');
    expect(scan(['--staged'], cwd).places).toHaveLength(1);
  });

  it('that are bombs end soon, and are told of', () => {
    const cwd = temporaryDirectory();
    const zeros = Buffer.alloc(50_000_000);
    writeFileSync(join(cwd, 'bomb.gz'), gzipSync(gzipSync(zeros)));
    writeFileSync(
      join(cwd, 'bomb.zip'),
      makeZip([
        { name: 'zeros', data: zeros, claims: 10 },
        { name: 'x.env', data: line },
      ]),
    );
    const { places, skipped } = scan(['.'], cwd);
    expect(places).toEqual(['bomb.zip!x.env:1']);
    expect(skipped).toEqual(['bomb.gz!bomb!content', 'bomb.zip!zeros']);
  });
});
