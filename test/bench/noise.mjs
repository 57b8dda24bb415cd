// npm run bench:noise [-- DIR…] [--shared DIR]: scans released packages' source, where nearly nothing is a secret, and
// counts what is raised. Without folders: the tree that shared/bench/tree.sh lays out, and twenty other packages, none of
// them in the tree or in training/config/corpora.yaml, which it gets with npm and pip; their archives are opened by the
// scanner. Needs Python with pip for the latter; what cannot be fetched is named and left out. Writes bench/noise.txt.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bin, layOutTree, node, publish } from './run.mjs';

/** Of npm: what was published. */
const NPM = [
  [
    '@aws-sdk/client-ec2@3.1169.0',
    'sha512-VSDBP4gdjVvl8aF12BghHPCeCQP+QHEZ02/qm+1APW6eu1JnMqU2iUyKh4KuAMV0495kGJTARW3rN+4dVPlgUQ==',
  ],
  [
    '@azure/arm-network@39.0.0',
    'sha512-JBfpttb3YdsaUXz4KjrOcowLLIvL5htuMz2MuCwE2Zv0AWBAatVY7Myly0P2RSBG4PdcGBCACkKk5Ptca+yjrw==',
  ],
  [
    '@kubernetes/client-node@2.0.1',
    'sha512-evJgmEtgArEYlj6DNkMGjK41IrFK/hEwb5lWVxx0VRBWybQpnvi+2TtA19mLgVfRHfqX5yjHObX6e9W7LEZBjw==',
  ],
  ['ccxt@4.5.84', 'sha512-AbVBsXV8i7FXVHRCAKx5GEUgmfLFaTRRsNgJSOTHAz0bOhDftW5ICiNtCZNIGpyTXGeC2MYfIlLV5qnx63jurg=='],
  ['ethers@6.17.0', 'sha512-BpyrpIPJ3ydEVow8zGaz1DuPS7YU8DcWxuBnY9a0UA/lvAPwrMr+EPXsfrul628SRaekPNeIM4UFh/91GWZang=='],
  ['fastify@5.12.8', 'sha512-moP8exb2sCHLUbJkwp+I6C0padhy4D8lp0SdmzY7HhSdZuqm7O/u3o2aq7u8okaQ//33QDzj3G/u+FsSdB8Qzw=='],
  [
    'lighthouse@13.5.0',
    'sha512-w/yYIwg7mP9pCwkcbAXRztnvKHua2dJnZaNptPLa1cEw+akr6lbsIDiUOLsQwvaiAUr0xvxdmwvAzl3pj3Np0A==',
  ],
  ['openpgp@6.3.2', 'sha512-wcZTzHz41LV8Y48zH/JlD1JT8YdNmpWOuMAjQ/podvvCwsjBEU37K3znJh4UQcj3hksE5z9TzvhbUbwzsGvlLQ=='],
  [
    'pdfjs-dist@6.5.438',
    'sha512-vg8Pw1x+AFKy4AMDvhuWl5cOYV8d698UoEANoFFhc79hqXDnZQqnOXoxw3HG907WHOg1JYOvLhP756boddFxpA==',
  ],
  [
    'renovate@44.121.2',
    'sha512-gNsY+POw2UN3B4e8x0B5UK3onH1qF7wMirKGaUnJcSx3+xEWH4n35RS4rvVEtTIIV/BoZoFbsIo7njTb9Mydxg==',
  ],
];
/** Of PyPI: wheels, which is what people install. Test suites, with their passwords and keys, are seldom in them. */
const PYPI = [
  ['ansible-core==2.21.5', 'sha256-CIhvnz4j0SmqmKASccSkeDNRbhy3xzeiRniMtHT0EiI='],
  ['apache-airflow-core==3.3.2', 'sha256-mSWJIrzOwVvkcA/4nzyUK4rNk0B+JjwofOhj5nG7PFA='],
  ['authlib==1.9.9', 'sha256-AZlkmGX++0ME/FdoPq67FWFFIwc+QeCdmMcvMmjOXLw='],
  ['azure-storage-blob==12.31.1', 'sha256-ngEtX0q2WLfLikWBMp16eqK/Xzm01juu76rn+ekP5vA='],
  ['botocore==1.44.5', 'sha256-jxalbR3/El3WUyKuAh76e6UZWm21ECuWhiVmBVt0iSE='],
  ['cryptography==50.0.2', 'sha256-natV9Xx0w8rSTDI7rLvQS+RwW6brDZLpILH8SDftUHk='],
  ['esphome==2026.10.0', 'sha256-T22MhRYC0X+4Po+Rhw1ymd1xjIpqbp9T9QveCYzLvqM='],
  ['faker==40.54.0', 'sha256-LdiO6MtjqRSeGe9Ivdc4ebw4VNi6LWwVNekCp2LmA/c='],
  ['google-cloud-aiplatform==2.7.0', 'sha256-FW7eSmwwQRkZXb2u2rqMM4cvbYC2UlSC3MuV92QFvTE='],
  ['jupyterlab==4.6.6', 'sha256-QmGRDM8eytbgs8oN6+ltT96XNb/JcHUJwSWquFDga4E='],
];
const WHEELS = ['--only-binary', ':all:', '--python-version', '3.14.99', '--abi', 'abi3', '--abi', 'none'];
const PLATFORMS = ['--platform', 'any', '--platform', 'manylinux_2_34_x86_64'];

const { values: arg, positionals } = parseArgs({ options: { shared: { type: 'string' } }, allowPositionals: true });
const work = mkdtempSync(join(tmpdir(), 'sss-noise-'));
const lines = [
  'What `sss scan` (balanced preset) raises in released packages: findings, MB of text, findings per MB, rules.',
  '',
];
if (positionals.length > 0) {
  for (const folder of positionals) section(basename(resolve(folder)), partsOf(resolve(folder)));
} else {
  section('ten packages of npm (tree.sh)', partsOf(layOutTree(arg.shared)));
  const fetched = [...NPM, ...PYPI].map(([spec, integrity]) => archiveOf(spec, integrity));
  const parts = fetched.filter(({ problem }) => problem === undefined);
  section('twenty others: ten of npm, ten of PyPI', parts);
  for (const { name, problem } of fetched) if (problem !== undefined) lines.push(`not fetched: ${name} (${problem})`);
}
publish('noise', lines);
rmSync(work, { recursive: true });

/** One row for each part, and one for all together. */
function section(title, parts) {
  const rows = parts.map(measure);
  const total = { name: 'all', findings: 0, bytes: 0, skipped: 0, rules: [] };
  for (const { findings, bytes, skipped } of rows) {
    total.findings += findings;
    total.bytes += bytes;
    total.skipped += skipped;
  }
  rows.sort((a, b) => b.findings - a.findings || (a.name < b.name ? -1 : 1));
  const width = Math.max(...rows.map(({ name }) => name.length)) + 1;
  lines.push(`== ${title}`, ...[total, ...rows].map((part) => row(part, width)), '');
}

function row({ name, findings, bytes, skipped, rules }, width) {
  const megabytes = bytes / 1e6;
  const numbers = [
    String(findings).padStart(5),
    megabytes.toFixed(1).padStart(7),
    (findings / megabytes).toFixed(2).padStart(6),
  ];
  const left = skipped > 0 ? ` (${skipped} inputs skipped)` : '';
  return `${name.padEnd(width)}${numbers.join('')}  ${rules.join(', ')}${left}`.trimEnd();
}

/** Scans one part: a folder or an archive, beside which others lie. */
function measure({ name, folder }) {
  const output = join(work, 'findings.jsonl');
  // An archive is one large file.
  const most = /\.(?:tgz|whl)$/.test(name) ? ['--max-file-size', '0'] : [];
  const more = [...most, '--format', 'jsonl', '--output', output];
  node([bin, 'scan', name, '--no-cache', ...more], { cwd: folder, ok: [0, 1, 2] });
  const rows = readFileSync(output, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { statistics, skipped } = rows.pop().report;
  return {
    name,
    findings: rows.length,
    bytes: statistics.bytes,
    skipped: skipped.length,
    rules: counts(rows.map((found) => found.ruleId)),
  };
}

/** `count value`, most frequent first. */
function counts(values) {
  const by = new Map();
  for (const value of values) by.set(value, (by.get(value) ?? 0) + 1);
  return [...by].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value, n]) => `${n} ${value}`);
}

function partsOf(folder) {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => ({ name, folder }));
}

/** The archive of a package, kept from one run to the next and checked in each; or why it is not there. */
function archiveOf(spec, integrity) {
  const folder = join(tmpdir(), 'sss-packages', spec.replace(/^@/, '').replaceAll(/[/=@]+/g, '-'));
  try {
    if (!existsSync(folder)) download(spec, folder);
    const [name] = readdirSync(folder);
    const kind = integrity.slice(0, integrity.indexOf('-'));
    const got = `${kind}-${createHash(kind)
      .update(readFileSync(join(folder, name)))
      .digest('base64')}`;
    if (got === integrity) return { name, folder };
    rmSync(folder, { recursive: true });
    return { name: spec, problem: `its checksum is ${got}` };
  } catch (error) {
    return {
      name: spec,
      problem: (String(error.stderr ?? '').trim() || error.message).split('\n').pop(),
    };
  }
}

function download(spec, folder) {
  const place = join(work, 'archive');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const stdio = ['ignore', 'ignore', 'pipe'];
  if (spec.includes('==')) {
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-input', '--no-deps', ...WHEELS, ...PLATFORMS];
    execFileSync('python3', [...pip, '--dest', place, spec], { cwd: place, stdio });
  } else execFileSync('npm', ['pack', '--silent', '--ignore-scripts', spec], { cwd: place, stdio });
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(place, folder);
}
