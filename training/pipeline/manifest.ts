import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../src/util/errors.ts';
import { writeWithFolders } from '../../src/util/write-whole.ts';
import type { Facts } from './hash.ts';

export type StepStatus = 'pending' | 'running' | 'interrupted' | 'failed' | 'done';

/** What a step was, and became, when it ran last. */
export interface StepRecord {
  readonly status: StepStatus;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly ended: string | null;
  readonly seconds: number | null;
  /** By place; null: it was not there. */
  readonly inputs: Readonly<Record<string, Facts | null>>;
  /** Hash of each section or key. */
  readonly config: Readonly<Record<string, string>>;
  readonly code: Readonly<Record<string, Facts>>;
  readonly outputs: Readonly<Record<string, Facts | null>>;
}

/** manifest.json of a run: what was made of what. */
export interface Manifest {
  readonly schema: 1;
  readonly runId: string;
  readonly seed: number;
  readonly created: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly config: unknown;
  readonly steps: Readonly<Record<string, StepRecord>>;
}

const FILE = 'manifest.json';

/**
 * Reads the manifest of a run.
 * @returns undefined when the run has none yet
 * @throws UserError when it is damaged or of another version
 */
export function readManifest(runDir: string): Manifest | undefined {
  const path = join(runDir, FILE);
  if (!existsSync(path)) return undefined;
  const hint = `remove ${path} to run every step again, or begin anew with another --run-id`;
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(`the manifest of this run is damaged: ${path} is not valid JSON`, { hint });
  }
  const { schema } = (data ?? {}) as { schema?: unknown };
  if (typeof schema === 'number' && schema !== 1) {
    throw new UserError(`the manifest of this run has the version ${schema}, and this program reads version 1`, {
      hint,
    });
  }
  if (!isManifest(data))
    throw new UserError(`the manifest of this run is damaged: ${path} lacks what it must have`, { hint });
  return data;
}

/** Writes the manifest, whole or not at all. */
export function writeManifest(runDir: string, manifest: Manifest): void {
  writeWithFolders(join(runDir, FILE), `${JSON.stringify(manifest, null, 2)}\n`);
}

function isManifest(data: unknown): data is Manifest {
  if (!isObject(data) || data.schema !== 1 || typeof data.runId !== 'string' || !isObject(data.steps)) return false;
  return Object.values(data.steps).every(
    (step) =>
      isObject(step) &&
      typeof step.status === 'string' &&
      ['inputs', 'config', 'code', 'outputs'].every((key) => isObject(step[key])),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
