import { resolve } from 'node:path';
import { feedbackFile } from '../../feedback/place.ts';
import { rootOf, type SettingsFlags } from '../settings.ts';

/** The options of all commands of `triage`. */
export interface TriageOptions extends SettingsFlags {
  from?: string;
  again?: boolean;
  filter?: string;
  list?: boolean;
  format: string;
  decide?: string[];
  reason?: string;
  feedback?: string;
  keepPrompts?: boolean;
  showSecrets?: boolean;
  cache: boolean;
  color: boolean;
  output?: string;
}

/** Where things are: the folder that configuration and decisions belong to, and the file of the decisions. */
export interface TriagePlace {
  cwd: string;
  root: string;
  file: string;
}

/** Finds out where things are. */
export async function placeOf(options: TriageOptions, paths: readonly string[]): Promise<TriagePlace> {
  const cwd = process.cwd();
  const root = await rootOf(cwd, paths);
  return {
    cwd,
    root,
    file: options.feedback === undefined ? feedbackFile(root) : resolve(cwd, options.feedback),
  };
}
