import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { type Format, formats, isFormat } from '../report/index.ts';
import { UserError } from '../util/errors.ts';
import { whyNotWritten } from '../util/write-whole.ts';

/** A report to write: to a file, or to standard output. */
export interface Output {
  format: Format;
  file?: string;
}

/** `--format` and `--output` in the order in which they were given. */
export type OutputFlag = { format: string } | { output: string };

const BY_ENDING: Record<string, Format> = {
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.sarif': 'sarif',
  '.xml': 'junit',
  '.csv': 'csv',
  '.html': 'html',
};

/**
 * Pairs formats with files: an `--output` belongs to the `--format` before it; one that stands before every `--format`
 * belongs to the first; without any `--format` the ending of the file decides. `-` is standard output, which takes one
 * report at most. No flags: text on standard output.
 * @throws UserError for flags that cannot be paired
 */
export function pairOutputs(flags: readonly OutputFlag[]): Output[] {
  const outputs: { format: Format; file?: string }[] = [];
  let early: string | undefined;
  for (const flag of flags) {
    if ('format' in flag) {
      outputs.push({ format: formatOf(flag.format), ...(early === undefined ? {} : { file: early }) });
      early = undefined;
      continue;
    }
    if (flag.output === '')
      throw new UserError('--output needs the name of a file', { hint: 'use - for standard output' });
    const last = outputs.at(-1);
    if (last ? last.file !== undefined : early !== undefined) {
      throw new UserError(`--output ${flag.output} has no --format of its own`, {
        hint: 'write --format json --output report.json for each file',
      });
    }
    if (last) last.file = flag.output;
    else early = flag.output;
  }
  if (early !== undefined) outputs.push({ format: BY_ENDING[extname(early).toLowerCase()] ?? 'text', file: early });
  if (outputs.length === 0) outputs.push({ format: 'text' });
  return checkTargets(
    outputs.map(({ format, file }) => (file === undefined || file === '-' ? { format } : { format, file })),
  );
}

function formatOf(name: string): Format {
  if (!isFormat(name)) throw new UserError(`unknown format: ${name}`, { hint: `formats are ${formats.join(', ')}` });
  return name;
}

function checkTargets(outputs: Output[]): Output[] {
  if (outputs.filter((o) => o.file === undefined).length > 1) {
    throw new UserError('two reports cannot both go to standard output', {
      hint: 'put --output FILE behind one of the --format options',
    });
  }
  const files = outputs.flatMap((o) => (o.file === undefined ? [] : [resolve(o.file)]));
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (twice !== undefined) throw new UserError(`two reports cannot go to the same file: ${twice}`);
  return outputs;
}

/**
 * Sees before a scan that its reports can be written after it.
 * @throws UserError when the folder is not there or cannot be written to, or the name is that of a folder
 */
export async function checkOutputs(outputs: readonly Output[]): Promise<void> {
  for (const { file } of outputs) {
    if (file === undefined) continue;
    const folder = await stat(dirname(resolve(file))).catch(() => undefined);
    if (!folder?.isDirectory()) {
      throw new UserError(`cannot write ${file}: there is no folder ${dirname(file)}`, {
        hint: 'make the folder first',
      });
    }
    const target = await stat(file).catch(() => undefined);
    if (target?.isDirectory()) throw new UserError(`cannot write ${file}: it is a folder`);
    const place = target && !target.isFile() ? file : dirname(await realpath(file).catch(() => resolve(file)));
    await access(place, constants.W_OK).catch((cause) => {
      throw new UserError(`cannot write ${file}: ${whyNotWritten(cause)}`, { cause });
    });
  }
}
