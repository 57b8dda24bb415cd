/** What the tests of decoders encode with. */

export const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
export const base64url = (text: string) => Buffer.from(text).toString('base64url');
export const hex = (text: string | Buffer) => Buffer.from(text).toString('hex');

/** The text in pieces of `width` code units. */
export const wrap = (text: string, width: number, between: string) =>
  text.match(new RegExp(`.{1,${width}}`, 'g'))!.join(between);

/** The text with every character written in some other way. */
export const each = (text: string, write: (code: number) => string) =>
  [...text].map((c) => write(c.codePointAt(0)!)).join('');

/** The numbers of its bytes, as a program writes them. */
export const bytesOf = (text: string, radix: 10 | 16) =>
  [...Buffer.from(text)].map((byte) => (radix === 16 ? `0x${byte.toString(16)}` : String(byte)));
