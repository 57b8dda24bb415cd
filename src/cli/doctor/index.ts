import { DEFAULT_CONFIG } from '../../config/index.ts';
import type { Config } from '../../types.ts';
import { loadSettings } from '../settings.ts';
import { attempt, type Check } from './check.ts';
import { checkHooks } from './hooks.ts';
import { checkDevice, checkModel, checkScan } from './judging.ts';
import { checkCache, checkConfiguration } from './storage.ts';
import { checkGit, checkOptional, checkProgram } from './system.ts';

export type { Check } from './check.ts';

/** Looks at everything that the scanner needs here. What fails is a problem of its part, and never ends the rest. */
export async function examine(cwd: string): Promise<Check[]> {
  // With a broken configuration the rest is looked at as it would be without.
  const config: Config = await loadSettings({ cwd, flags: {} }).catch(() => DEFAULT_CONFIG);
  const parts: [string, () => Promise<Check[]> | Check[]][] = [
    ['scanner', checkProgram],
    ['git', () => checkGit(cwd)],
    ['hooks', () => checkHooks(cwd)],
    ['configuration', () => checkConfiguration(cwd)],
    ['model', () => checkModel(config)],
    ['device', () => checkDevice(config)],
    ['cache', () => checkCache(config)],
    ['scan', () => checkScan(config)],
    ['optional', () => checkOptional(cwd)],
  ];
  const checks: Check[] = [];
  for (const [part, work] of parts) checks.push(...(await attempt(part, work)));
  // One failure may be met by several parts: where it is met first it is told.
  return checks.filter(
    (check, i) => check.state !== 'problem' || checks.findIndex((other) => other.says === check.says) === i,
  );
}
