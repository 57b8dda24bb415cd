import { fillExample } from '../../../src/rules/examples.ts';

/** A GitHub token with a right checksum, which must be found wherever it is. */
export const TOKEN = fillExample('ghp_{{alnum:30}}{{crc62}}');
/** Its second line has the token. */
export const SETTINGS = `# settings\nGITHUB_TOKEN=${TOKEN}\n`;

/** One file with the token in it, and the place that has to be told. */
export interface Probe {
  name: string;
  file: string;
  content: Buffer | string;
  /** The path inside the container, behind the `!`. */
  member?: string;
  line: number;
  /** The encodings that have to be named. */
  way?: string;
  /** What stands at the place that has to be told: the token, unless it is encoded. */
  stands?: string;
}
