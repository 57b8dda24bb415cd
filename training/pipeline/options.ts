/** What `sss train` was told on the command line. */
export interface TrainOptions {
  readonly config?: string | undefined;
  readonly runId?: string | undefined;
  readonly artifactRoot?: string | undefined;
  readonly targetStep?: string | undefined;
  readonly from?: string | undefined;
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly seed?: number | undefined;
  readonly base?: string | undefined;
  readonly python?: string | undefined;
  readonly quantize?: readonly string[] | undefined;
  readonly shipped?: boolean | undefined;
  /** Files of decisions; true: the file of the clone. */
  readonly feedback?: readonly string[] | true | undefined;
  /** Fit the language model to the decisions, too. */
  readonly adapter?: boolean | undefined;
  readonly name?: string | undefined;
  readonly modelsDir?: string | undefined;
  readonly model?: string | undefined;
  readonly synthetic?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly recreate?: boolean | undefined;
  readonly staged?: boolean | undefined;
}
