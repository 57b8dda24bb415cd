import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  callsScanner,
  findBlock,
  HOOK_TYPES,
  hookBlock,
  insertBlock,
  isShellScript,
  removeBlock,
} from '../../src/cli/hook/text.ts';
import { packageFolder } from '../../src/util/package-folder.ts';

const places = { home: 'node_modules/smart-secrets-scanner' };
const block = hookBlock({ type: 'pre-commit', places, created: false });
const created = hookBlock({ type: 'pre-commit', places, created: true });

describe('hookBlock', () => {
  it.each(HOOK_TYPES)('is what the package ships as hooks/%s', (type) => {
    const shipped = readFileSync(join(packageFolder(), 'hooks', type), 'latin1');
    expect(hookBlock({ type, places, created: false })).toBe(findBlock(shipped));
    expect(shipped).toBe(`#!/bin/sh\n${findBlock(shipped)}`);
  });

  it('quotes the paths it is told', () => {
    const script = "/home/o'brien/it $HOME/bin/smart-secrets-scanner.js";
    const told = hookBlock({
      type: 'pre-commit',
      places: { home: 'web app/x', installed: { node: '/usr/bin/node', script } },
      created: false,
    });
    expect(told).toContain(
      `home='web app/x' installed_node=/usr/bin/node installed_bin='/home/o'\\''brien/it $HOME/bin/smart-secrets-scanner.js'`,
    );
  });
});

describe('insertBlock and removeBlock', () => {
  it.each([
    ['a shell script', '#!/bin/sh\nnpm test\n'],
    ['no newline at the end', '#!/bin/sh\nnpm test'],
    ['nothing but #!', '#!/bin/sh'],
    ['nothing but a #! line', '#!/bin/sh\n'],
    ['no #! line', 'npm test\n'],
    ['no #! line, no newline', 'npm test'],
    ['an empty file', ''],
    ['only a newline', '\n'],
    ['CRLF', '#!/bin/sh\r\nnpm test\r\n'],
    ['bytes that are not UTF-8', '#!/bin/bash\necho \xe9\xff\n'],
    ['dollar signs', '#!/bin/sh\necho "$& $1 $$"\n'],
  ])('gives the same bytes back: %s', (_, script) => {
    const installed = insertBlock(script, block);
    expect(installed).toContain('smart-secrets-scanner.js');
    expect(insertBlock(installed, block)).toBe(installed);
    expect(removeBlock(installed)).toBe(script);
  });

  it('puts the block behind the #! line', () => {
    expect(insertBlock('#!/bin/sh\nnpm test\n', block)).toBe(`#!/bin/sh\n${block}npm test\n`);
  });

  it('replaces an older block where it stands, and keeps whether the file was made by it', () => {
    const older = created.replace('set +eu', 'set +e');
    const updated = insertBlock(`#!/bin/sh\n# mine\n${older}npm test\n`, block);
    expect(updated).toBe(`#!/bin/sh\n# mine\n${created}npm test\n`);
  });

  it('knows a file that it made, and keeps it when its user has added to it', () => {
    expect(removeBlock(`#!/bin/sh\n${created}`)).toBeUndefined();
    expect(removeBlock(`#!/bin/sh\n${created.trimEnd()}`)).toBeUndefined();
    expect(removeBlock(`#!/bin/sh\n${created}npm test\n`)).toBe('#!/bin/sh\nnpm test\n');
  });

  it('takes out a block whose lines came back from a checkout with CRLF', () => {
    expect(removeBlock(`#!/bin/sh\n${block}npm test\n`.replaceAll('\n', '\r\n'))).toBe('#!/bin/sh\r\nnpm test\r\n');
  });

  it('never takes out what stands between two half blocks', () => {
    const half = block.slice(0, block.indexOf('case'));
    expect(removeBlock(`#!/bin/sh\n${half}echo mine\n${block}`)).toBe(`#!/bin/sh\n${half}echo mine\n`);
  });
});

describe('isShellScript', () => {
  it.each([
    '#!/bin/sh\n',
    '#! /bin/bash -e\n',
    '#!/usr/bin/env sh\n',
    '#!/usr/bin/env -S bash -eu\n',
    '#!/bin/sh\r\n',
    '#!/bin/busybox sh\n',
    '#!C:/Program/bin/sh.exe\n',
    'npm test\n',
    '',
    '#!/bin/sh',
  ])('yes: %j', (script) => expect(isShellScript(script)).toBe(true));

  it.each([
    '#!/usr/bin/env python3\n',
    '#!/usr/bin/node\n',
    '#!/usr/bin/fish\n',
    '#!/usr/bin/perl\n',
    '\x7fELF\x00\x01',
    '#!/usr/bin/env ruby\n',
    '#!/opt/shiny\n',
  ])('no: %j', (script) => expect(isShellScript(script)).toBe(false));
});

describe('callsScanner', () => {
  it('sees a line of the user, not a comment and not the block', () => {
    expect(callsScanner('npx sss hook run pre-commit\n')).toBe(true);
    expect(callsScanner('node_modules/.bin/smart-secrets-scanner hook run\n')).toBe(true);
    expect(callsScanner('# npx sss hook run pre-commit\n')).toBe(false);
    expect(callsScanner('npm run hook\n')).toBe(false);
    expect(callsScanner(`#!/bin/sh\n${block}`)).toBe(false);
  });
});
