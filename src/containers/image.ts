import type { Part } from './limits.ts';

/**
 * The configuration of an image of containers as text that people know: its variables (`env`, `NAME=value` on lines), the
 * commands that made it (`history`), and everything else as JSON (`settings`). Undefined where the JSON is something else.
 */
export function readImageConfig(bytes: Buffer): Part[] | undefined {
  const image = parsed(bytes);
  // The list of layers names a configuration, too.
  if (!isRecord(image) || Array.isArray(image.layers)) return undefined;
  if (!isRecord(image.config) && !isRecord(image.container_config)) return undefined;
  const { config, container_config: container, history, ...others } = image;
  const settings = [config, container].filter(isRecord);
  const env = new Set(settings.flatMap(({ Env }) => texts(Env)));
  const commands = Array.isArray(history) ? history.filter(isRecord) : [];
  const made = commands.flatMap(({ created_by: by, comment }) => texts([by, comment]));
  const rest = { ...others, settings: settings.map(({ Env: _, ...more }) => more) };
  return [
    { name: 'env', text: [...env].join('\n') },
    { name: 'history', text: made.join('\n') },
    { name: 'settings', text: JSON.stringify(rest, null, 1) },
  ].filter(({ text }) => text !== '');
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && one !== '') : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
