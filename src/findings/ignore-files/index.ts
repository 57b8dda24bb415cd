/** What the ignore files of other scanners hide. */
import { basename } from 'node:path';
import { IGNORE_FILES } from '../../config/found-files.ts';
import { shownPath } from '../../config/index.ts';
import { readText } from '../../config/read-file.ts';
import type { Finding } from '../../types.ts';
import type { AllowSubject } from '../allowed.ts';

/** Whether a finding is one that another scanner was told to ignore. */
export type Ignores = (finding: Finding, subject: AllowSubject) => boolean;

/** What one file hides, and in words what of it cannot be used. */
export interface IgnoreFile {
  ignores: Ignores;
  remarks: string[];
}

/** @throws UserError when one cannot be read */
export async function openIgnoreFiles(paths: readonly string[]): Promise<IgnoreFile> {
  const files: IgnoreFile[] = [];
  for (const path of paths) {
    const shown = shownPath(process.cwd(), path);
    const text = await readText(path, shown);
    if (basename(path) === IGNORE_FILES.gitleaks) {
      const { readGitleaksIgnore } = await import('./gitleaks-ignore.ts');
      files.push(await readGitleaksIgnore(text, shown));
    } else {
      const { readSecretsBaseline } = await import('./secrets-baseline.ts');
      files.push(readSecretsBaseline(text, shown));
    }
  }
  return {
    ignores: (finding, subject) => files.some((file) => file.ignores(finding, subject)),
    remarks: files.flatMap(({ remarks }) => remarks),
  };
}
