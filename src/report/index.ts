import type { Report } from '../types.ts';

/** The output formats, in the order in which help texts list them. */
export const formats = ['text', 'json', 'jsonl', 'sarif', 'junit', 'csv', 'html', 'github'] as const;
/** The name of an output format. */
export type Format = (typeof formats)[number];

/** What a reporter is told besides the report. */
export interface RenderOptions {
  /** ANSI colours (`text` only); off unless told. */
  color?: boolean;
  /** Columns of the terminal (`text` only): 80 unless told; kept between 40 and 120. */
  width?: number;
  /** What the user ran: decides on the advice on how to go on. A plain scan unless told. */
  command?: 'pre-commit' | 'pre-push' | 'scan';
  /** Directory that relative paths start from, absolute (`sarif`, `github`). */
  cwd?: string;
  /** Root of the checkout in a GitHub job (`github` only): `GITHUB_WORKSPACE` unless told. */
  workspace?: string;
}

/** Whether `name` is one of {@link formats}. */
export function isFormat(name: string): name is Format {
  return (formats as readonly string[]).includes(name);
}

/**
 * Renders a report, ready to be written as UTF-8, with a line end at its end. Values appear only if the findings were
 * built with `show`.
 */
export async function render(format: Format, report: Report, options: RenderOptions = {}): Promise<string> {
  const write = await writers[format]();
  return write(report, options);
}

type Writer = (report: Report, options: RenderOptions) => string;

/** One file a format, loaded when asked for. */
const writers: Record<Format, () => Promise<Writer>> = {
  text: async () => (await import('./text.ts')).text,
  json: async () => (await import('./json.ts')).json,
  jsonl: async () => (await import('./json.ts')).jsonl,
  sarif: async () => (await import('./sarif.ts')).sarif,
  junit: async () => (await import('./junit.ts')).junit,
  csv: async () => (await import('./csv.ts')).csv,
  html: async () => (await import('./html.ts')).html,
  github: async () => (await import('./github.ts')).github,
};
