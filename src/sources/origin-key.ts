import type { Origin } from '../types.ts';

/** The key of an origin in the map that `ScanSource.locate` returns: equal for chunks of the same blob or message. */
export function originKey(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
    case 'stdin':
      return origin.kind;
    case 'staged':
    case 'history':
      return `${origin.kind}:${origin.blob}`;
    case 'range':
      return `range:${origin.commit}:${origin.blob}`;
    case 'message':
      return `message:${origin.of}:${origin.object}`;
  }
}
