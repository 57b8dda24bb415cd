import type { KeyedService } from './keyed.ts';

/**
 * A service in one line: its id, which is also the word looked for unless told otherwise; its name; the shape of its
 * key (several: a list); and what differs from a medium API key.
 */
export type ServiceRow = readonly [
  id: string,
  provider: string,
  shapes: string | readonly string[],
  differs?: Partial<KeyedService>,
];

/** Two or three parts, the first of which starts as the base64 of `{` does; not all of them are real JWTs. */
export const JWT_LIKE = '/ey[\\w\\-]{16,400}\\.[\\w\\-]{20,1000}(?:\\.[\\w\\-]{20,720})?/';

/**
 * A service whose name is so distinctive that, besides the forms of `keyed`, a role and a value in the next few words
 * count as well, on the same line or the next ones: `NAME secret for tests <value>`. Ordinary words (`strict`) stay as
 * they are.
 */
export function spoken(service: KeyedService): KeyedService {
  if (service.strict) return service;
  const { word, spelling } = service;
  const phrase = '[\\s\\S]{0,32}?(?:secret|private|access|key|token)[\\s\\S]{0,28}?(?=[\\s:=\'"`,(>])';
  return { ...service, word: `(?:${word})(?:${phrase})?`, spelling: spelling ?? word };
}

/** The full description of a service of one line. The id of the rule is that of the service and `-api-key`. */
export function fromRow([id, provider, shapes, differs]: ServiceRow): KeyedService {
  const service = { id: `${id}-api-key`, provider, word: id, shapes: typeof shapes === 'string' ? [shapes] : shapes };
  return spoken({ ...service, ...differs });
}
