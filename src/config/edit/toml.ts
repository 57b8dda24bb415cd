import { fieldsOf, type NewAllow, quoted } from './entry.ts';

/** The entry as TOML, to stand behind everything else. */
export function tomlEntry(entry: NewAllow): string {
  const rows = Object.entries(fieldsOf(entry)).map(([key, value]) => `${key} = ${asToml(value)}\n`);
  return `[[allow]]\n${rows.join('')}`;
}

function asToml(value: string | readonly string[]): string {
  if (typeof value === 'string') return quoted(value);
  return value.length > 2
    ? `[\n${value.map((one) => `  ${quoted(one)},\n`).join('')}]`
    : `[${value.map(quoted).join(', ')}]`;
}

/** `text` with the entry at its end. */
export function addToToml(text: string, entry: NewAllow): string {
  const gap = text === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return text + gap + tomlEntry(entry);
}
