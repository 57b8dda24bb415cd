import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/config/index.ts';
import { explain } from '../../src/explain.ts';
import { fillExample } from '../../src/rules/examples.ts';
import { scan } from '../../src/scan.ts';
import type { Report, TextChunk } from '../../src/types.ts';
import { base64, base64url, bytesOf, each, hex, wrap } from '../decoders/encode.ts';
import { chunkOf } from '../report/sample.ts';

const TOKEN = fillExample('ghp_{{alnum:30}}{{crc62}}');
const PASSWORD = fillExample('{{alnum:9}}#{{alnum:3}}!{{alnum:6}}');
const ENV = `DB_HOST=db.internal\nDB_PASSWORD=${PASSWORD}\nGITHUB_TOKEN=${TOKEN}\n`;

const HEAD = base64url('{"alg":"HS256","typ":"JWT"}');

async function run(text: string, path: string, change: Partial<TextChunk> = {}): Promise<Report> {
  const source = {
    description: 'a test',
    async *items() {
      yield { chunk: { ...chunkOf(text, { path }), ...change } };
    },
  };
  return scan({ source, config: DEFAULT_CONFIG, useModel: false });
}

const brief = ({ findings }: Report) => findings.map(({ ruleId, way }) => `${ruleId}: ${way}`);

describe('a password that is encoded is found by its name', () => {
  it.each<[what: string, path: string, text: string]>([
    ['in a Kubernetes secret', 'secret.yml', `apiVersion: v1\nkind: Secret\ndata:\n  password: ${base64(PASSWORD)}\n`],
    ['in JSON in base64', 'a.json', `{"config": "${base64(JSON.stringify({ user: 'bob', password: PASSWORD }))}"}\n`],
    ['in a file in base64', 'a.ts', `const env = '${base64(ENV.replace(/GITHUB.*/, ''))}';\n`],
    ['in hex', 'a.txt', `blob ${hex(`password = "${PASSWORD}"`)}\n`],
    ['in escapes', 'a.js', `password = "${each(PASSWORD, (c) => `\\x${c.toString(16)}`)}"\n`],
    ['in percent-encoding', 'a.txt', `body=${each(`password="${PASSWORD}"`, (c) => `%${c.toString(16)}`)}\n`],
    ['in a buffer in JSON', 'a.json', `{"password": ${JSON.stringify(Buffer.from(PASSWORD))}}\n`],
    ['in a list of bytes', 'a.go', `password := []byte{${bytesOf(PASSWORD, 16).join(', ')}}\n`],
    ['in joined strings', 'a.py', `password = "${PASSWORD.slice(0, 9)}" \\\n    "${PASSWORD.slice(9)}"\n`],
    [
      'of a database address',
      'a.yml',
      `kind: Secret\ndata:\n  url: ${base64(`postgres://app:${PASSWORD.replace('#', 'x')}@db.internal:5432/app`)}\n`,
    ],
  ])('%s', async (_, path, text) => {
    const report = await run(text, path);
    expect(
      report.findings.map(({ line, verdict }) => [line, verdict]),
      JSON.stringify(report),
    ).toEqual([[expect.any(Number), 'secret']]);
    expect(JSON.stringify(report)).not.toContain(PASSWORD);
  });

  it('each of several in one text', async () => {
    const report = await run(`blob: ${base64(ENV)}\n`, 'a.yml');
    expect(brief(report).sort()).toEqual([
      expect.stringMatching(/^generic-password: base64$/),
      expect.stringMatching(/^github.*: base64$/),
    ]);
  });
});

describe('what is decoded', () => {
  it('is new where the encoded text is', async () => {
    const text = `a: 1\nx: ${base64(TOKEN)}\nb: 2\n`;
    expect((await run(text, 'a.yml', { added: [[2, 2]] })).findings).toHaveLength(1);
    expect(
      (
        await run(text, 'a.yml', {
          added: [
            [1, 1],
            [3, 3],
          ],
        })
      ).findings,
    ).toEqual([]);
    expect((await run(text, 'a.yml', { firstLine: 100 })).findings).toMatchObject([{ line: 101 }]);
  });

  it('is told once, by the rule that says more', async () => {
    const inside = await run(`api_secret: "${base64(TOKEN)}"\n`, 'a.yml');
    expect(brief(inside)).toEqual([expect.stringMatching(/^github.*: base64$/)]);
    const outside = await run(`password: "${base64(PASSWORD)}"\n`, 'a.yml');
    expect(outside.findings).toHaveLength(1);
    // The token stands there as it is: only what surrounds it is encoded.
    const beside = await run(`x = "%41 ${TOKEN} %42"\n`, 'a.txt');
    expect(brief(beside)).toEqual([expect.stringMatching(/^github.*: undefined$/)]);
  });

  it('is no secret in its encoded form either where it says a placeholder', async () => {
    const text = `password: ${base64('changeme')}\nsecret_key: "${base64('your-secret-key-here')}"\n`;
    expect((await run(text, 'a.yml')).findings).toEqual([]);
    const { candidates } = await explain({
      chunk: chunkOf(text, { path: 'a.yml' }),
      config: DEFAULT_CONFIG,
      show: false,
    });
    expect(candidates.map(({ verdict }) => verdict)).toEqual(Array(4).fill('placeholder'));
    expect(candidates.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/^decoded \(base64\) it is a placeholder: /),
    );
    // What else it says may be a secret.
    const more = `password: "${base64(`password=changeme ${PASSWORD}`)}"\n`;
    expect((await run(more, 'a.yml')).findings).toHaveLength(1);
  });

  it('is told as it stands where the same rule reads it there', async () => {
    const body = `MIIEpQIBAAKCAQEA${fillExample('{{base64:240}}')}`;
    const lines = ['-----BEGIN RSA PRIVATE ', ...wrap(body, 64, '\n').split('\n'), '-----END RSA PRIVATE '];
    const text = lines.map((line) => `"${line}${line.startsWith('---') ? 'KEY-----' : ''}\\n"`).join(' +\n  ');
    expect(brief(await run(`x = ${text}\n`, 'a.js'))).toEqual([expect.stringMatching(/^private-key.*: undefined$/)]);
  });

  it('without a name is no secret for looking like one', async () => {
    const text = `a: ${base64(`${fillExample('{{alnum:40}}')} ${fillExample('{{hex:32}}')}`)}\nb: ${base64(fillExample('{{uuid}}'))}\n`;
    expect((await run(text, 'a.yml')).findings.filter(({ way }) => way !== undefined)).toEqual([]);
  });

  it('of a web token is what a provider knows, not the usual claims', async () => {
    const sign = fillExample('{{base64url:43}}');
    const usual = { sub: 'x', sid: fillExample('{{alnum:24}}'), nonce: fillExample('{{hex:32}}') };
    const plain = `jwt = "${HEAD}.${base64url(JSON.stringify(usual))}.${sign}"\n`;
    expect(brief(await run(plain, 'a.py')).filter((one) => !one.endsWith(': undefined'))).toEqual([]);
  });

  it('is explained', async () => {
    const chunk = chunkOf(`a: 1\nx: ${base64(TOKEN)}\n`, { path: 'a.yml' });
    const { candidates } = await explain({ chunk, config: DEFAULT_CONFIG, show: false });
    expect(candidates.filter(({ way }) => way === 'base64')).toMatchObject([{ line: 2, verdict: 'secret' }]);
  });

  it('stays within bounds where there is very much', async () => {
    const same = await run(`x: ${base64(`password = "${PASSWORD}"\n`.repeat(6000))}\n`, 'a.yml');
    expect(same.findings).toHaveLength(1);
    const many = Array.from({ length: 2500 }, (_, i) => `password${i} = "${PASSWORD}${i}"`).join('\n');
    const full = await run(`x: ${base64(many)}\n`, 'a.yml');
    expect(full.skipped).toEqual([
      { path: 'a.yml', reason: expect.stringContaining('2000 decoded strings'), kind: 'error' },
    ]);
  }, 60_000);
});
