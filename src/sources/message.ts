import type { Origin } from '../types.ts';
import type { ChunkSource } from './chunks.ts';

/** Where the message of a commit or tag is found. Its logical path has no object name: a rebase does not move it. */
export function messageSource(of: 'commit' | 'tag' | 'note', object: string): ChunkSource {
  const origin: Origin = { kind: 'message', of, object };
  return { origin, path: `${of}:${object}`, logicalPath: of === 'note' ? 'note' : `${of}-message` };
}

const SIGNATURE =
  /^-----BEGIN ((?:PGP|SSH) SIGNATURE|PGP MESSAGE|SIGNED MESSAGE)-----\n(?:(?!-----)[\s\S])*-----END \1-----\s*$/m;

/** The message in the bytes of a commit or tag object: what follows the headers, without a signature at its end. */
export function messageBytes(object: Buffer): Buffer {
  const start = object.indexOf('\n\n');
  if (start < 0) return Buffer.alloc(0);
  const message = object.subarray(start + 2);
  const signature = SIGNATURE.exec(message.toString('latin1'));
  return signature ? message.subarray(0, signature.index) : message;
}
