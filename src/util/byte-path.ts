/**
 * Paths on POSIX systems are bytes, not text. Between git, the file system and the user they travel as *byte paths*:
 * strings of which each character stands for one byte (latin1), so that they sort by bytes and lose nothing.
 */
import { isUtf8 } from 'node:buffer';

/** The byte path of a path that is text. */
export function toBytePath(path: string): string {
  return Buffer.from(path, 'utf8').toString('latin1');
}

/** The bytes of a byte path, as `node:fs` takes them. */
export function bytesOfPath(bytePath: string): Buffer {
  return Buffer.from(bytePath, 'latin1');
}

/** A byte path as text for people: UTF-8, bytes that are none as `\xNN`. */
export function showPath(bytePath: string): string {
  if (/^[\x00-\x7f]*$/.test(bytePath)) return bytePath;
  const bytes = bytesOfPath(bytePath);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return bytePath.replace(UTF8_OR_BYTE, (part) =>
    part.length > 1 || part < '\x80' ? bytesOfPath(part).toString('utf8') : `\\x${part.charCodeAt(0).toString(16)}`,
  );
}

const UTF8_OR_BYTE =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\s\S]/g;

const ESCAPES: Record<string, string> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };

/** Undoes git's quoting of unusual names (`"caf\303\251"`); names without quotes come back as they are. */
export function unquotePath(quoted: string): string {
  if (!quoted.startsWith('"')) return quoted;
  return quoted
    .slice(1, -1)
    .replace(/\\([0-7]{3}|[\s\S])/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
    );
}

/** Sorts by bytes. */
export function compareBytePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
