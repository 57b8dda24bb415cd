import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { base62, fillExample } from '../../src/rules/examples.ts';

describe('fillExample', () => {
  it('leaves texts without holes alone, braces included', () => {
    for (const text of ['', 'plain', '{ "a": { "b": 1 } }', 'a } }b', '{a}{b}', '}}'])
      expect(fillExample(text)).toBe(text);
  });

  it.each([
    ['digit', /^[0-9]{64}$/],
    ['hex', /^[0-9a-f]{64}$/],
    ['HEX', /^[0-9A-F]{64}$/],
    ['lower', /^[a-z]{64}$/],
    ['upper', /^[A-Z]{64}$/],
    ['alpha', /^[A-Za-z]{64}$/],
    ['alnum', /^[A-Za-z0-9]{64}$/],
    ['ALNUM', /^[A-Z0-9]{64}$/],
    ['lownum', /^[a-z0-9]{64}$/],
    ['base64', /^[A-Za-z0-9+/]{64}$/],
    ['base64url', /^[A-Za-z0-9_-]{64}$/],
    ['base32', /^[A-Z2-7]{64}$/],
    ['[A-CX-Z5]', /^[A-CX-Z5]{64}$/],
    ['[#!%]', /^[#!%]{64}$/],
    ['[g]', /^g{64}$/],
    ['[a-z{}]', /^[a-z{}]{64}$/],
  ])('fills {{%s:64}}', (set, shape) => {
    const filled = fillExample(`{{${set}:64}}`);
    expect(filled).toMatch(shape);
    const distinct = new Set(filled).size;
    expect(distinct).toBeGreaterThan(set === '[g]' ? 0 : 2);
  });

  it('fills in alike every time, and each hole otherwise', () => {
    const text = '{{alnum:20}} {{alnum:20}}';
    const [first, second] = fillExample(text).split(' ');
    expect(fillExample(text)).toBe(`${first} ${second}`);
    expect(first).not.toBe(second);
    expect(fillExample(`${text} x`)).not.toContain(first);
  });

  it('fills lengths beyond one hash, and none', () => {
    expect(fillExample('{{alnum:1000}}')).toMatch(/^[A-Za-z0-9]{1000}$/);
    expect(fillExample('a{{alnum:0}}b')).toBe('ab');
  });

  it('fills in a version 4 UUID', () => {
    expect(fillExample('{{uuid}}')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('computes the checksum of the run of letters and digits before it', () => {
    const [, body, checksum] = /^x_([a-z]{30})(\w{6})$/.exec(fillExample('x_{{lower:30}}{{crc62}}'))!;
    expect(checksum).toBe(base62(crc32(body!), 6));
  });

  it('encodes what is inside, its holes filled first', () => {
    expect(fillExample('<{{b64(user:pass)}}>')).toBe(`<${Buffer.from('user:pass').toString('base64')}>`);
    expect(fillExample('{{b64url(>>>?)}}')).toBe('Pj4-Pw');
    const inner = Buffer.from(fillExample('{{b64(a {{digit:5}} b)}}'), 'base64').toString();
    expect(inner).toMatch(/^a \d{5} b$/);
    const twice = Buffer.from(fillExample('{{b64({{b64({{hex:4}})}})}}'), 'base64').toString();
    expect(Buffer.from(twice, 'base64').toString()).toMatch(/^[0-9a-f]{4}$/);
    expect(Buffer.from(fillExample('{{b64(a\nb)}}'), 'base64').toString()).toBe('a\nb');
  });

  it('takes the first two of three closing braces for the end of the hole', () => {
    expect(fillExample('{"a": {{digit:3}}}')).toMatch(/^\{"a": \d{3}\}$/);
    expect(fillExample('{"a": {"b": "{{digit:3}}"}}')).toMatch(/^\{"a": \{"b": "\d{3}"\}\}$/);
  });

  it.each([
    ['an unknown set', '{{letters:3}}', /unknown hole/],
    ['no length', '{{alnum}}', /unknown hole/],
    ['a length that is no number', '{{alnum:x}}', /unknown hole/],
    ['an empty hole', '{{}}', /unknown hole/],
    ['a name of every object', '{{constructor:3}}', /unknown hole/],
    ['a hole that is not closed', 'a {{alnum:3', /open hole/],
    ['a hole inside one that is not closed', '{{b64({{hex:3}})', /open hole/],
    ['an encoding that is not closed', '{{b64(abc}}', /unknown hole/],
  ])('refuses %s', (_, text, message) => {
    expect(() => fillExample(text)).toThrow(message);
  });
});

describe('base62', () => {
  it.each([
    [0, 1, '0'],
    [0, 6, '000000'],
    [61, 1, 'z'],
    [62, 1, '10'],
    [35, 2, '0Z'],
    [36, 2, '0a'],
    [0xffffffff, 6, '4gfFC3'],
  ])('%i in %i digits', (value, width, text) => {
    expect(base62(value, width)).toBe(text);
  });
});
