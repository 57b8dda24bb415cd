import { gzipSync } from 'node:zlib';
import { makePdf, makeTar, makeZip } from '../../containers/make.ts';
import { makeBzip2, makeSqlite, makeXz, makeZstd } from '../../containers/make-packed.ts';
import { type Probe, SETTINGS, TOKEN } from './probe.ts';

const tar = makeTar([
  { name: 'readme.txt', data: 'nothing here\n' },
  { name: 'dir/c.env', data: SETTINGS },
]);
const layer = makeTar([{ name: 'app/.env', data: SETTINGS }]);
const tarOf = (name: string, data: Buffer) => makeTar([{ name, data }]);
const zipOf = (name: string, data: Buffer | string) => makeZip([{ name, data }]);
/** Split by the quoting of JSON, so that it is seen in the cell only. */
const halves = [`print("""${TOKEN.slice(0, 9)}`, `${TOKEN.slice(9)}""")`];
const notebookOf = (cell: object) => JSON.stringify({ cells: [cell], nbformat: 4 });
const documentXml = `<?xml version="1.0"?>\n<w:document><w:body><w:p><w:r><w:t>${TOKEN}</w:t></w:r></w:p></w:body></w:document>`;

type Row = [file: string, content: Buffer | string, member: string, line: number];

const ROWS: Row[] = [
  ['a.zip', zipOf('dir/c.env', SETTINGS), 'dir/c.env', 2],
  ['stored.zip', makeZip([{ name: 'c.env', data: SETTINGS, method: 0 }]), 'c.env', 2],
  ['a.jar', zipOf('BOOT-INF/application.properties', SETTINGS), 'BOOT-INF/application.properties', 2],
  ['a-1.0-py3-none-any.whl', zipOf('a/settings.py', `\ntoken = "${TOKEN}"\n`), 'a/settings.py', 2],
  ['a.apk', zipOf('assets/config.env', SETTINGS), 'assets/config.env', 2],
  ['a.docx', zipOf('word/document.xml', documentXml), 'word/document.xml', 2],
  ['a.tar', tar, 'dir/c.env', 2],
  ['up.tar', tarOf('../../up.env', Buffer.from(SETTINGS)), '../../up.env', 2],
  ['odd name.tar', tarOf('new\nline', Buffer.from(SETTINGS)), 'new\nline', 2],
  ['a.tar.gz', gzipSync(tar), 'dir/c.env', 2],
  ['a.tar.bz2', makeBzip2(tar), 'dir/c.env', 2],
  ['a.tar.xz', makeXz(tar), 'dir/c.env', 2],
  ['a.tar.zst', makeZstd(tar), 'dir/c.env', 2],
  ['b.log.gz', gzipSync(SETTINGS), 'b.log', 2],
  ['b.log.bz2', makeBzip2(SETTINGS), 'b.log', 2],
  ['b.log.xz', makeXz(SETTINGS), 'b.log', 2],
  ['b.log.zst', makeZstd(SETTINGS), 'b.log', 2],
  ['nested.zip', zipOf('inner.tar.gz', gzipSync(tar)), 'inner.tar.gz!dir/c.env', 2],
  ['nested.tar', tarOf('outer.zip', zipOf('inner.zip', zipOf('c.env', SETTINGS))), 'outer.zip!inner.zip!c.env', 2],
  ['source.ipynb', notebookOf({ cell_type: 'code', source: ['x = 1\n', halves.join('')] }), 'cell 1', 2],
  ['lines.ipynb', notebookOf({ cell_type: 'code', source: ['x = 1\n', ...halves] }), 'cell 1', 2],
  [
    'output.ipynb',
    notebookOf({
      cell_type: 'code',
      source: ['show()'],
      outputs: [{ name: 'stdout', output_type: 'stream', text: ['one\n', halves[0]!, halves[1]!] }],
    }),
    'cell 1 output',
    2,
  ],
  ['a.sqlite', makeSqlite('settings', 'token', TOKEN), 'table settings', 1],
  [
    'a.pdf',
    makePdf(
      [
        ...['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
        '<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>',
        ['', `BT /F1 12 Tf (settings) Tj T* (token: ${TOKEN.slice(0, 9)}) Tj (${TOKEN.slice(9)}) Tj ET`],
      ],
      '/Root 1 0 R',
    ),
    'object 4',
    2,
  ],
  [
    'docker-save.tar',
    makeTar([
      { name: 'manifest.json', data: '[{"Config":"config.json","RepoTags":["app:1"],"Layers":["0a1b/layer.tar"]}]' },
      { name: 'config.json', data: '{"config":{"Env":["PATH=/bin"]}}' },
      { name: '0a1b/', type: '5' },
      { name: '0a1b/layer.tar', data: layer },
    ]),
    '0a1b/layer.tar!app/.env',
    2,
  ],
  [
    'oci-image.tar',
    makeTar([
      { name: 'oci-layout', data: '{"imageLayoutVersion":"1.0.0"}' },
      { name: 'blobs/sha256/0a1b', data: gzipSync(layer) },
    ]),
    'blobs/sha256/0a1b!app/.env',
    2,
  ],
];

/** The token in every kind of container, each in a file of its own. */
export const CONTAINED: Probe[] = ROWS.map(([name, content, member, line]) => ({
  name,
  file: `contained/${name}`,
  content,
  member,
  line,
}));
