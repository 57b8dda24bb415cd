import type { Config, Finding } from '../types.ts';
import type { AllowSubject } from './allowed.ts';
import type { Entry } from './baseline/format.ts';

/** A finding with its raw value, which goes no further than the question. */
export interface FoundValue {
  finding: Finding;
  value: string;
}

/** What is known of findings from before: by a baseline, and by the ignore files of other scanners. */
export interface KnownFindings {
  /** Whether an ignore file hides a finding. */
  ignores(finding: Finding, subject: AllowSubject): boolean;
  /** The entry of the baseline for each finding, which hides it; undefined: it is to be told. */
  entriesOf(found: readonly FoundValue[]): Promise<(Entry | undefined)[]>;
  /** What the user should know, when all has been asked. */
  remarks(): string[];
}

/**
 * Opens the baseline and the ignore files that a configuration names.
 * @throws UserError when one of them cannot be used
 */
export async function openKnown({ baseline, ignoreFiles = [] }: Config): Promise<KnownFindings> {
  const { openBaseline } = await import('./baseline/index.ts');
  const { openIgnoreFiles } = await import('./ignore-files/index.ts');
  const entries = baseline ? await openBaseline(baseline) : undefined;
  const ignored = await openIgnoreFiles(ignoreFiles);
  return {
    ignores: ignored.ignores,
    entriesOf: async (found) => (await entries?.entriesOf(found)) ?? [],
    remarks: () => [...(entries?.remarks() ?? []), ...ignored.remarks],
  };
}

/** {@link openKnown} where a configuration names something. */
export async function openKnownOf(config: Config): Promise<KnownFindings | undefined> {
  return config.baseline || config.ignoreFiles ? openKnown(config) : undefined;
}
