import { tomlTable, tomlValue } from './import/write-toml.ts';
import type { Setting } from './in-force.ts';

/** Longest line that a remark is put behind, and not above. */
const WIDTH = 40;

/** What is in force as a configuration of one file. @param withOrigin who says so, as a remark */
export function settingsAsToml(settings: readonly Setting[], { withOrigin }: { withOrigin: boolean }): string {
  const remark = (setting: Setting) => (withOrigin ? `# ${oneLine(setting.origin)}` : '');
  const lines: string[] = [];
  for (const setting of settings) {
    if (isList(setting)) continue;
    const line = `${setting.key} = ${tomlValue(setting.value)}`;
    lines.push(withOrigin ? `${line.padEnd(WIDTH)}  ${remark(setting)}` : line);
  }
  for (const key of ['rules.disable', 'rules.enable']) {
    const entries = settings.filter((setting) => setting.key === key);
    if (entries.length === 0) continue;
    const rows = entries.map((setting) => {
      const row = `  ${tomlValue(setting.value)},`;
      return withOrigin ? `${row.padEnd(WIDTH)}  ${remark(setting)}` : row;
    });
    lines.push(`${key} = [`, ...rows, ']');
  }
  const tables = settings.filter(({ key }) => key === 'rules.custom' || key === 'allow');
  const parts = tables.map((setting) => {
    const above = setting.below === undefined ? '' : `# paths are matched from ${oneLine(setting.below)}\n`;
    return `${withOrigin ? `${remark(setting)}\n` : ''}${above}${tomlTable(setting.key, setting.value as object)}`;
  });
  return [`${lines.join('\n')}\n`, ...parts].join('\n');
}

function isList({ key }: Setting): boolean {
  return ['rules.disable', 'rules.enable', 'rules.custom', 'allow'].includes(key);
}

function oneLine(text: string): string {
  return text.replace(/\p{C}+/gu, ' ');
}
