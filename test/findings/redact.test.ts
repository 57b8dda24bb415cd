import { describe, expect, it } from 'vitest';
import { hide, MASK, mask, plain, redactLine } from '../../src/findings/redact.ts';
import { fillExample } from '../../src/rules/examples.ts';

const value = fillExample('{{alnum:24}}');
const line = (text: string, focus = value, width = 160) => {
  const start = text.indexOf(focus);
  const span = { start, end: start + focus.length };
  return redactLine({ line: text, spans: [span], show: false, width, focus: span });
};

describe('mask', () => {
  it('does not give the length away', () => {
    expect(mask('abcd', { show: false })).toBe(MASK);
    expect(mask(value.repeat(50), { show: false })).toBe(MASK);
  });

  it('keeps a public prefix of at most a quarter of the value', () => {
    const prefixes = ['ghp_', 'akia'];
    expect(mask(fillExample('ghp_{{alnum:36}}'), { show: false, prefixes })).toBe(`ghp_${MASK}`);
    expect(mask(fillExample('AKIA{{ALNUM:16}}'), { show: false, prefixes })).toBe(`AKIA${MASK}`);
    expect(mask('ghp_short', { show: false, prefixes })).toBe(MASK);
    expect(mask(fillExample('my-{{alnum:30}}'), { show: false, prefixes })).toBe(MASK);
    expect(mask(fillExample('averylongprefix_{{alnum:90}}'), { show: false, prefixes: ['averylongprefix_'] })).toBe(
      MASK,
    );
  });

  it('keeps the header of a private key', () => {
    const key = fillExample(
      '-----BEGIN RSA PRIVATE KEY-----\n{{base64:64}}\n{{base64:64}}\n-----END RSA PRIVATE KEY-----',
    );
    expect(mask(key, { show: false })).toBe(`-----BEGIN RSA PRIVATE KEY----- ${MASK}`);
    expect(mask('-----BEGIN RSA PRIVATE KEY-----\nabcd', { show: false })).toBe(MASK);
    expect(mask(`-----BEGIN ${value} PRIVATE KEY-----\n${value.repeat(9)}`, { show: false })).toBe(MASK);
  });

  it('shows the value when asked to', () => {
    expect(mask('a\nb', { show: true })).toBe('a\nb');
  });
});

describe('redactLine', () => {
  it('masks the value and says nothing of its length', () => {
    expect(line(`  key = "${value}";  `)).toBe(`key = "${MASK}";`);
    expect(line(`a\tb ${value}`)).toBe(`a b ${MASK}`);
  });

  it('masks other spans and other places of the same values', () => {
    const other = 'pa55-of-another';
    const text = `a=${value} b=${other} c=${value} d=${other}`;
    const spans = [value, other].map((v) => ({ start: text.indexOf(v), end: text.indexOf(v) + v.length }));
    expect(redactLine({ line: text, spans, show: false, width: 160, focus: spans[0]! })).toBe(
      `a=${MASK} b=**** c=**** d=****`,
    );
    expect(redactLine({ line: text, spans, show: false, width: 160, focus: spans[1]! })).toBe(
      `a=**** b=${MASK} c=**** d=****`,
    );
  });

  it.each([
    ['percent-encoded', (v: string) => encodeURIComponent(v)],
    [
      'percent-encoded, all of it',
      (v: string) => v.replace(/./gs, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
    ],
    ['as in a form', (v: string) => encodeURIComponent(v).replaceAll('%20', '+')],
    ['as in JSON', (v: string) => JSON.stringify(v).slice(1, -1)],
    ['as \\u escapes', (v: string) => v.replace(/./gs, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)],
    ['as in HTML', (v: string) => v.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
    ['as character references', (v: string) => v.replace(/./gs, (c) => `&#x${c.charCodeAt(0).toString(16)};`)],
    ['in base64', (v: string) => Buffer.from(v).toString('base64').replace(/=+$/, '')],
    ['in hexadecimal', (v: string) => Buffer.from(v).toString('hex')],
  ])('masks the value %s', (_name, spell) => {
    const odd = 'p@ss "w\\rd" & mo/re?';
    const text = `key = '${odd}' again ${spell(odd)} end`;
    const shown = line(text, odd);
    expect(shown).toMatch(/^key = '\*{8}' again \*{4}.? end$/);
  });

  it.each([0, 1, 2])('masks the value inside base64, %d bytes in', (shift) => {
    const encoded = Buffer.from(`${'u'.repeat(shift)}${value}:tail`).toString('base64');
    const shown = line(`${value} ${encoded}`);
    expect(shown).toMatch(/^\*{8} \w{0,4}\*{4}[\w=]{0,11}$/);
  });

  it('masks a value that is written encoded and stands there plainly too', () => {
    expect(line('https://me:p%40ss-w0rd@host # p@ss-w0rd', 'p%40ss-w0rd')).toBe(`https://me:${MASK}@host # ****`);
  });

  it('spells out what acts on a terminal or hides', () => {
    const shown = line(`\x1b[2J\u202e${value}\u200b\x07\ufeff\ud800`);
    expect(shown).toBe(`\\x1b[2J\\u202e${MASK}\\u200b\\x07\\ufeff\\ud800`);
  });

  it('shortens round the value, whatever the line is like', () => {
    const shown = line(`${'a'.repeat(5000)}${value}${'b'.repeat(5_000_000)}`, value, 80);
    expect(shown).toHaveLength(80);
    expect(shown).toMatch(/^…a+\*{8}b+…$/);
  });

  it('does not show half a value at the cut', () => {
    const before = `${value} `.repeat(400);
    const text = `${before}"focus-value" ${value.repeat(400)}`;
    const start = before.length + 1;
    const shown = redactLine({
      line: text,
      spans: [],
      values: [value],
      show: false,
      width: 80,
      focus: { start, end: start + 11 },
    });
    expect(shown).toMatch(/^…[* ]+"\*{8}" \*+…$/);
  });

  it('shows nothing when what is left spells a value', () => {
    const text = '**ab xx**ab';
    const focus = { start: 0, end: 4 };
    expect(redactLine({ line: text, spans: [focus], show: false, width: 80, focus })).not.toContain('**ab');
  });

  it('takes the mask that it is given, unless that shows another value', () => {
    const text = `ghp_${value}`;
    const focus = { start: 0, end: text.length };
    const input = { line: text, spans: [focus], show: false, width: 80, focus, as: `ghp_${MASK}` };
    expect(redactLine(input)).toBe(`ghp_${MASK}`);
    expect(redactLine({ ...input, values: ['ghp_'] })).toBe(MASK);
  });

  it('shows the value when asked to, however long', () => {
    const focus = { start: 6, end: 6 + value.length };
    const text = `key = ${value} # and a comment that does not fit`;
    expect(redactLine({ line: text, spans: [focus], show: true, width: 20, focus })).toContain(value);
  });
});

describe('hide', () => {
  it('masks values in names and paths', () => {
    expect(hide({ text: `dump/${value}.json`, values: [value], unlessWord: true })).toBe(`dump/${MASK}.json`);
    expect(hide({ text: 'nothing here', values: [value] })).toBe('nothing here');
  });

  it('leaves plain words in paths, but not in names', () => {
    expect(hide({ text: 'admin/settings.py', values: ['admin'], unlessWord: true })).toBe('admin/settings.py');
    expect(hide({ text: 'config/settings.py', values: ['config/settings'], unlessWord: true })).toBe(
      'config/settings.py',
    );
    expect(hide({ text: 'my_admin', values: ['admin'] })).toBe(`my_${MASK}`);
  });
});

describe('plain', () => {
  it('spells out control, direction and invisible characters and leaves the others', () => {
    expect(plain('a\nb\r\t\x1b\x7f\x9b\u2028\u2066\u00ad\u3164\u{e0041}')).toBe(
      'a\\x0ab\\x0d\\x09\\x1b\\x7f\\x9b\\u2028\\u2066\\xad\\u3164\\u{e0041}',
    );
    expect(plain('żółć 漢字 😀 C:\\x')).toBe('żółć 漢字 😀 C:\\x');
  });
});
