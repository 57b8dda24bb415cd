import type { Part } from './limits.ts';

/**
 * A Jupyter notebook as the text that people see in it: of each cell what was typed (`cell 3`) and what came out as text
 * (`cell 3 output`), lines joined and JSON quoting undone; then everything else as JSON (`metadata`), without pictures.
 * Nothing comes of what is no notebook.
 *
 * @throws SyntaxError when it is not JSON
 */
export function* readNotebook(bytes: Buffer): Generator<Part, void> {
  const notebook: unknown = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  if (!isRecord(notebook)) return;
  const { cells, worksheets, ...others } = notebook;
  const lists = Array.isArray(cells) ? [cells] : list(worksheets).map((sheet) => (isRecord(sheet) ? sheet.cells : []));
  const all = lists.flatMap(list).filter(isRecord);
  if (all.length === 0) return;
  const rest: unknown[] = [];
  for (const [i, cell] of all.entries()) {
    const { source, input, outputs, ...more } = cell;
    const name = `cell ${i + 1}`;
    const typed = joined(source ?? input);
    if (typed !== undefined && typed !== '') yield { name, text: typed };
    const shown = list(outputs).flatMap(outputTexts);
    if (shown.length > 0) yield { name: `${name} output`, text: shown.join('\n') };
    rest.push(more);
  }
  yield { name: 'metadata', text: JSON.stringify({ ...others, cells: rest }, withoutPictures, 1) };
}

/** The texts of one output: what was printed, shown or thrown. */
function outputTexts(output: unknown): string[] {
  if (!isRecord(output)) return [];
  // The oldest notebooks have the forms of an output beside its type.
  const forms = { ...output, ...(isRecord(output.data) ? output.data : {}) };
  const texts: string[] = [];
  for (const [form, value] of Object.entries(forms)) {
    if (/^image\/(?!svg)|^(?:png|jpeg|data|output_type|execution_count|metadata|name|stream)$/.test(form)) continue;
    const text =
      form === 'traceback'
        ? list(value)
            .filter((line) => typeof line === 'string')
            .join('\n')
        : joined(value);
    if (text !== undefined) texts.push(form === 'traceback' ? withoutColours(text) : text);
    else if (isRecord(value)) texts.push(JSON.stringify(value, null, 1));
  }
  return texts;
}

/** Notebooks keep text as a string or as its lines. */
function joined(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((line) => typeof line === 'string') ? value.join('') : undefined;
}

function withoutColours(text: string): string {
  return text.replace(/\x1b\[[\d;]*m/g, '');
}

function withoutPictures(key: string, value: unknown): unknown {
  return /^image\/(?!svg)/.test(key) ? undefined : value;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
