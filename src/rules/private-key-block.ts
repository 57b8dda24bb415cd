import { entropy } from '../util/entropy.ts';

/** First bytes of an OpenSSH key, and of the older SSH2 (ssh.com) one. */
const OPENSSH_MAGIC = Buffer.from('openssh-key-v1\0', 'latin1');
const SSH2_MAGIC = Buffer.from('3f6ff9eb', 'hex');

/**
 * Whether a text between `-----BEGIN … PRIVATE KEY-----` and its end is a private key: DER of a plausible shape, an
 * OpenSSH, SSH2 or PGP key, or an encrypted one. The block may stand in code, JSON, YAML or a comment (escaped line
 * ends, quotes, concatenation, indentation) and may be cut short.
 */
export function isPrivateKey(block: string): boolean {
  const body = bodyOf(block);
  const bytes = Buffer.from(body, 'base64');
  if (body.length < 40 || entropy(body) < 3.5) return false;
  // Legacy encryption leaves nothing to look at but whole cipher blocks.
  if (/DEK-Info/.test(block)) return bytes.length >= 32;
  if (bytes.indexOf(OPENSSH_MAGIC) === 0 || bytes.indexOf(SSH2_MAGIC) === 0) return true;
  if (/PGP/.test(block.slice(0, 40))) return isSecretKeyPacket(bytes[0] ?? 0);
  // Sigstore and cosign wrap their encryption in JSON.
  if (bytes.subarray(0, 8).toString('latin1').replace(/\s/g, '').startsWith('{"kdf"')) return true;
  return isDerKey(bytes);
}

/** Weaker: whether the block has a body that looks random, whatever it is. */
export function isPrivateKeyBody(block: string): boolean {
  const body = bodyOf(block);
  return body.length >= 40 && entropy(body) >= 4;
}

/** Whether what stands where a key belongs is text in base64: a sample. Keys are no text. */
export function isTextInsteadOfKey(block: string): boolean {
  const body = bodyOf(block);
  return body.length >= 16 && /^[\t\n\r\x20-\x7e]+$/.test(Buffer.from(body, 'base64').toString('latin1'));
}

/** The base64 of a block, without header, footer, escapes, quotes, operators and header lines such as `DEK-Info`. */
function bodyOf(block: string): string {
  const inside = block
    .replace(/^[^\n]*?BEGIN[ \w]{0,40}-{4,5}/, '')
    .replace(/-{4,5} ?END[\s\S]*$/, '')
    .replace(/\\+u00(2b|2f|3d)|%(2b|2f|3d)/gi, (_, a?: string, b?: string) =>
      String.fromCharCode(Number.parseInt((a ?? b)!, 16)),
    )
    .replace(/\\+\//g, '/')
    .replace(/\\+[nrt]|\\+u000[ad]|%0[ad]|&#(?:10|13|x[ad]);/gi, '\n')
    .replace(/(?:Proc-Type|DEK-Info|Comment|Version|Subject|Charset|Hash|MessageID)\s{0,3}:[^\n]*/gi, '');
  // Short runs are what surrounds the lines: operators, `#13#10`, list marks. The last line may be short as well.
  const runs = inside.match(/[A-Za-z0-9+/]+={0,2}/g) ?? [];
  return runs.filter((run, i) => run.length >= 16 || (i === runs.length - 1 && run.length >= 2)).join('');
}

/** OpenPGP secret key (tag 5) or secret subkey (tag 7), in the old or the new packet format. */
function isSecretKeyPacket(first: number): boolean {
  const tag = (first & 0xc0) === 0xc0 ? first & 0x3f : (first & 0x80) === 0x80 ? (first >> 2) & 0x0f : 0;
  return tag === 5 || tag === 7;
}

/** A DER sequence of the length of a key that opens with a version, an algorithm or (TSS2) an object identifier. */
function isDerKey(bytes: Buffer): boolean {
  if (bytes[0] !== 0x30 || bytes.length < 16) return false;
  const first = bytes[1] ?? 0;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 3) return false;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  const tag = bytes[2 + lengthBytes];
  return length >= 32 && length <= 65_535 && (tag === 0x02 || tag === 0x30 || tag === 0x06);
}
