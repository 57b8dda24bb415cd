import type { Confidence, Rule, Severity } from '../../types.ts';
import { blank } from './prefixed.ts';

/**
 * Rules for services whose keys have no shape of their own: the name of the service, then a word such as `key` or
 * `token`, then a value of the right length and alphabet.
 */
export interface KeyedService {
  /** Id of the rule. */
  id: string;
  provider: string;
  /** Regular expression for the name of the service as it stands in variable names; lower case. */
  word: string;
  /**
   * Shapes of the value: `hex:32`, `lownum:20-24`, `alnum:40`, `base64url:43`, `uuid`, or a pattern written as
   * `/…/` (then `example` fills the examples).
   */
  shapes: readonly string[];
  /** A text of the last shape, with holes; needed for patterns only. */
  example?: string;
  /** A spelling of `word`, when `word` is not plain text. Also the keyword, unless `keywords` says otherwise. */
  spelling?: string;
  keywords?: readonly string[];
  /** The name is an ordinary word: it must stand in the same identifier as `key`, `token` and so on. */
  strict?: boolean;
  /** What is found, when it is no API key. */
  what?: string;
  severity?: Severity;
  confidence?: Confidence;
  entropy?: number;
  rotate?: string;
}

const SETS: Record<string, string> = {
  digit: '0-9',
  hex: '0-9a-f',
  base32: 'a-z2-7',
  lownum: 'a-z0-9',
  ALNUM: 'a-z0-9',
  alnum: 'a-z0-9',
  base64: 'a-z0-9+/',
  base64url: '\\w\\-',
};
/** Loose on purpose: providers with keys that only look like a UUID are common. */
const UUID = '[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}';
const ROLE = '(?:key|token|secret|access|private|auth|pass|pwd|pw|cred|client|api)';
/** Between a name and its value: quotes, operators, blanks; a type or a scheme may come in between. */
const BETWEEN = '[^A-Za-z0-9/@#\\\\]{1,16}?(?:(?:string|bearer|token|basic|key)[^A-Za-z0-9/@#\\\\]{1,8}?)?';

/**
 * Pattern for a value that is bound to a name of `word` and a role (`key`, `token`, `secret`, …): `word_api_key = "…"`,
 * `wordToken: …`, `WORD SECRET …`, `setWordKey("…")`. Case does not matter. The group `secret` is the value.
 */
export function keyed(word: string, value: string, options: { strict?: boolean; roleOptional?: boolean } = {}): RegExp {
  const left = options.strict ? '(?<![A-Za-z])' : '';
  const middle = options.strict ? `(?:[\\w.\\-]{0,24}?|[ ])` : '[^\\n@#]{0,32}?';
  // The rest of the name does not end in `_`: else a row of them could be divided up between it and what follows.
  const named = `${middle}${ROLE}\\w{0,16}?(?<!_)${BETWEEN}`;
  const direct = options.strict ? '[ ]?[:=]{1,2}[ ]?["\'`]?' : '[\\s:=\'"`,(>|\\-]{1,8}?';
  const bridge = options.roleOptional ? `(?:${named}|${direct})` : named;
  return new RegExp(`${left}(?:${word})${bridge}(?<secret>${value})(?![A-Za-z0-9_=\\-])`, 'i');
}

/** Expands services to rules, with examples both ways made from their shapes. */
export function keyedRules(services: readonly KeyedService[]): Rule[] {
  return services.map((service) => {
    const { id, provider, word, shapes, strict, rotate } = service;
    const spelling = service.spelling ?? word;
    const parts = shapes.map(shapePattern);
    const onlyUuid = shapes.every((shape) => shape === 'uuid');
    return {
      id,
      provider,
      description: `${provider} ${service.what ?? 'API key'}`,
      keywords: service.keywords ?? [spelling],
      pattern: keyed(word, parts.length > 1 ? `(?:${parts.join('|')})` : parts[0]!, {
        strict: strict || onlyUuid,
        roleOptional: true,
      }),
      severity: service.severity ?? 'medium',
      confidence: service.confidence ?? 'likely',
      entropy: service.entropy ?? 2.6,
      ...(rotate === undefined ? {} : { rotate }),
      examples: {
        secret: shapes.map((shape) => `${spelling}_api_key = "${shapeExample(shape, service.example)}"`),
        harmless: [
          `${spelling}_api_key = "\${${spelling.toUpperCase()}_API_KEY}"`,
          `${spelling}_api_key = "${unlike(shapes.at(-1)!, service.example)}"`,
        ],
      },
    };
  });
}

function shapePattern(shape: string): string {
  if (shape.startsWith('/')) return shape.slice(1, -1);
  if (shape === 'uuid') return UUID;
  const { set, least, most } = parseShape(shape);
  const run = `[${SETS[set]}]{${least}${most === least ? '' : `,${most}`}}`;
  if (set === 'hex' || set === 'digit') return run;
  // What tells a key from an identifier of the same length: a digit among the letters, or letters that nobody can say.
  return `(?=[a-z_+/\\-]{0,${most}}\\d|[a-z_+/\\-]{0,${Math.min(most, 48) - 5}}[b-df-hj-np-tv-xz]{5})${run}`;
}

function shapeExample(shape: string, example?: string): string {
  if (shape.startsWith('/')) return example ?? '';
  if (shape === 'uuid') return '{{uuid}}';
  const { set, most } = parseShape(shape);
  return `{{${set}:${most}}}`;
}

/** A near miss: too long, or, for a pattern, blanked. */
function unlike(shape: string, example?: string): string {
  return shape.startsWith('/') ? blank(shapeExample(shape, example)) : `${shapeExample(shape)}{{hex:9}}`;
}

function parseShape(shape: string): { set: string; least: number; most: number } {
  const [, set, least, most] = /^(\w+):(\d+)(?:-(\d+))?$/.exec(shape) ?? [];
  if (set === undefined || !(set in SETS)) throw new Error(`unknown shape: ${shape}`);
  return { set, least: Number(least), most: Number(most ?? least) };
}
