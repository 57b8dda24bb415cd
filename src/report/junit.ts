import { plain } from '../findings/redact.ts';
import type { Finding, Report, Skipped } from '../types.ts';
import { escapeMarkup } from './markup.ts';
import { adviceFor, countScanned, errorsOf, sureness, titleOf } from './words.ts';

/**
 * JUnit XML as CI servers read it: a failed test for each finding, a test in error for each input that could not be read
 * and for an interrupted scan, and one passed test when there is neither.
 */
export function junit(report: Report): string {
  const errors = errorsOf(report);
  const cases = [
    ...(report.interrupted ? [errorCase('scan', 'interrupted', 'The scan was interrupted before its end.')] : []),
    ...errors.map((skipped: Skipped) => errorCase(skipped.path, 'could not be read', skipped.reason)),
    ...report.findings.map(failureCase),
  ];
  const broken = errors.length + (report.interrupted ? 1 : 0);
  if (cases.length === 0)
    cases.push(
      `    <testcase${attributes({ classname: report.scope, name: `no secrets in ${countScanned(report)}` })}/>`,
    );
  const counts = { tests: cases.length, failures: report.findings.length, errors: broken };
  const time = (report.statistics.elapsedMs / 1000).toFixed(3);
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: report.tool.name, ...counts, time })}>`,
    `  <testsuite${attributes({ name: report.scope, ...counts, skipped: 0, time })}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')}\n`;
}

function failureCase(finding: Finding): string {
  const { path, line, column, ruleId, severity, preview, probability, reason, fingerprint } = finding;
  const body = [
    `${plain(path)}:${line}:${column}  ${severity}, ${sureness(probability)}`,
    plain(preview),
    `Why: ${plain(reason)}`,
    adviceFor(finding),
    `Fingerprint: ${fingerprint}`,
    ...(finding.commit === undefined ? [] : [`Commit: ${plain(finding.commit)}`]),
  ];
  return [
    `    <testcase${attributes({ classname: path, name: `${ruleId} at ${line}:${column}`, file: path, line })}>`,
    `      <failure${attributes({ type: ruleId, message: titleOf(finding) })}>${escapeMarkup(body.join('\n'))}</failure>`,
    '    </testcase>',
  ].join('\n');
}

function errorCase(path: string, name: string, reason: string): string {
  return [
    `    <testcase${attributes({ classname: path, name })}>`,
    `      <error${attributes({ type: 'error', message: reason })}/>`,
    '    </testcase>',
  ].join('\n');
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeMarkup(plain(String(value)))}"`)
    .join('');
}
