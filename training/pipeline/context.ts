/** The parts of the labelled corpus; a step may open only those it declares. */
export type Split = 'train' | 'calib' | 'test';

/** A section of the configuration as the YAML files give it; keys that are not in default.yaml never get here. */
export type Section = Readonly<Record<string, unknown>>;

/** Where the data comes from. */
export interface DataSection extends Section {
  /** The labelled corpus: a folder, or `synthetic`. Use `context.paths.creddata`, which is always a folder. */
  readonly creddata: string;
  /** Released packages: `auto` (downloaded by recipe), a folder, or `none`. Use `context.paths.packages`. */
  readonly packages: string;
  /** Fusion file, or `default`. Use `context.paths.fusion`. */
  readonly fusion: string;
  /** JSONL file of the user's own simple records, or null. Use `context.paths.extra`. */
  readonly extra: string | null;
}

/** Where a model goes that is good enough. */
export interface PromoteSection extends Section {
  readonly name: string;
  /** Folder of models. Use `context.paths.models`. */
  readonly models_dir: string;
}

/** GGUF files. */
export interface GgufSection extends Section {
  /** Make them in every run. */
  readonly always: boolean;
  /** `run`, `shipped`, or the folder of a model. */
  readonly source: string;
  /** Kinds of files besides F32, as llama.cpp calls them. */
  readonly quantize: readonly string[];
  /** A checkout of llama.cpp, for architectures that are not converted here. */
  readonly llama_cpp: string | null;
  /** Share of verdicts that a Q8_0 file must have in common with the weights it was made of. */
  readonly least_agreement: number;
}

/** The whole configuration of a run: training/config/default.yaml, what was laid over it, and the options. */
export interface TrainConfig {
  readonly name: string;
  readonly seed: number;
  readonly threads: number;
  readonly data: DataSection;
  readonly gate: Section;
  readonly scout: Section;
  readonly pretrain: Section;
  readonly baseline: Section;
  readonly fine_tune: Section;
  readonly export: Section;
  readonly sweep: Section;
  readonly promote: PromoteSection;
  readonly gguf: GgufSection;
  readonly [section: string]: unknown;
}

/** Absolute paths, the ones of the artifacts inside the run's folder (training/pipeline/paths.ts). */
export interface RunPaths {
  /** Root of the package: `training/`, `fixtures/` and `models/` are in it. */
  readonly packageRoot: string;
  /** The labelled corpus: labels.csv, repos.csv, excerpts.jsonl.gz. */
  readonly creddata: string;
  /** Unpacked released packages, one folder each; undefined: none are wanted. */
  readonly packages: string | undefined;
  /** The fusion file. */
  readonly fusion: string;
  /** The user's own records; undefined: there are none. */
  readonly extra: string | undefined;
  /** Folder that holds the promoted models. */
  readonly models: string;
  readonly trainRecords: string;
  readonly probe: string;
  readonly validation: string;
  readonly validationText: string;
  readonly gate: string;
  readonly scout: string;
  readonly oof: string;
  readonly replay: string;
  readonly base: string;
  readonly baseline: string;
  readonly baselineHead: string;
  readonly held: string;
  readonly merged: string;
  readonly onnx: string;
  readonly parity: string;
  readonly calibLogits: string;
  readonly calibLabels: string;
  readonly thresholds: string;
  readonly thresholdsMetrics: string;
  readonly model: string;
  readonly modelCard: string;
  /** Folder of report.json, report.html and plots. */
  readonly evaluation: string;
  /** Folder of GGUF files. */
  readonly gguf: string;
  /** The finished model that GGUF files are made of or compared with: `model`, or one from outside the run. */
  readonly finished: string;
}

/** What a step that is written in TypeScript is given. It exports `run(context: StepContext): Promise<void>`. */
export interface StepContext {
  /** Folder of the run, absolute. Everything a step writes goes below it (`promote` excepted). */
  readonly runDir: string;
  readonly runId: string;
  readonly config: TrainConfig;
  readonly paths: RunPaths;
  /** Interpreter with the packages of training/requirements.txt; undefined: none was set up. */
  readonly python: string | undefined;
  readonly seed: number;
  /** The splits that this step has declared to read: hand them on to where data is opened. */
  readonly allowedSplits: readonly Split[];
  /** Tells how far the step is, as often as it likes; `text` is a few words: what is being done. */
  progress(done: number, total: number, text?: string): void;
  /** A line (or several) for the user and for logs/<step>.log. Never holds a secret value. */
  log(text: string): void;
  /** Aborted when the user wants to stop: `signal.throwIfAborted()` now and then. */
  readonly signal: AbortSignal;
}
