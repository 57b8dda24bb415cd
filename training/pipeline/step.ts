import type { Split, StepContext } from './context.ts';

/**
 * A file or folder: relative to the run's folder, or `@name` for one of the places outside it (`@creddata`, `@packages`,
 * `@fusion`, `@extra`, `@base`, `@model`, `@promoted`; see paths.ts).
 */
export type Place = string;

/** One step of the pipeline, as data. */
export interface Step {
  readonly name: string;
  /** What it does, in a few words. */
  readonly title: string;
  /** Names of the steps that come before it. */
  readonly needs: readonly string[];
  /** What it reads. One that is not there counts as such: that it appears is a change. */
  readonly inputs: readonly Place[];
  /** What it leaves; all of it must be there afterwards. */
  readonly outputs: readonly Place[];
  /** What it keeps for going on after it was stopped, and for nothing else: removed when it begins anew. */
  readonly scratch?: readonly string[];
  /** Sections or keys (`fine_tune`, `pretrain.vocab`) of the configuration that change what it does. */
  readonly config: readonly string[];
  /** Files, or folders with a `/` at the end, of the package that change what it does. */
  readonly code: readonly string[];
  /** The splits it may open. A worker fits, so it may read no other than `train`. */
  readonly reads: readonly Split[];
  readonly run:
    | { readonly kind: 'worker' /** File in training/workers/, or an absolute path. */; readonly script: string }
    | { readonly kind: 'task'; readonly load: () => Promise<{ run(context: PipelineContext): Promise<void> }> };
}

/** What the steps of the pipeline itself are given besides the context of all steps. */
export interface PipelineContext extends StepContext {
  /** Folder of all runs; the Python environment and downloaded packages are shared in it. */
  readonly artifactRoot: string;
  /** Folder that paths of the configuration are relative to. */
  readonly cwd: string;
  readonly setup: SetupOptions;
  /** The interpreter of the workers; sets up the environment when that was not done yet. */
  ensurePython(): Promise<string>;
}

/** How the Python environment is wanted. */
export interface SetupOptions {
  /** Interpreter that the user named; undefined: one is looked for. */
  readonly python: string | undefined;
  /** Throw the environment away first. */
  readonly recreate: boolean;
  /** Say each stage as it is reached. */
  readonly staged: boolean;
}

/** env.json of a run: what setup_env has found. */
export interface Environment {
  /** Absolute path of the interpreter of the workers. */
  readonly python: string;
  /** What the user had named; null: nothing. */
  readonly requested: string | null;
  readonly cuda: boolean;
  /** Of Python and of the packages. */
  readonly versions: Readonly<Record<string, string>>;
}
