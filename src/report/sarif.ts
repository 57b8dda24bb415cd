import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plain } from '../findings/redact.ts';
import type { Finding, Location, Report, Severity } from '../types.ts';
import type { RenderOptions } from './index.ts';
import { adviceFor, errorsOf, policyCounts, revokeAdvice, sureness, titleOf, webAddress } from './words.ts';

const LEVELS: Record<Severity, string> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' };
/** What code hosts sort by, in the manner of CVSS scores. */
const SCORES: Record<Severity, string> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };
const ROOT = '%SRCROOT%';

/** SARIF 2.1.0. Previews are properties, not snippets: a snippet has to be the text of the file, which is not shown. */
export function sarif(report: Report, { cwd }: RenderOptions): string {
  const rules = [...new Map(report.findings.map((finding) => [finding.ruleId, finding])).values()];
  const ruleIndex = new Map(rules.map((rule, index) => [rule.ruleId, index]));
  const errors = errorsOf(report);
  const run = {
    tool: { driver: { name: report.tool.name, version: report.tool.version, rules: rules.map(descriptor) } },
    invocations: [
      {
        executionSuccessful: errors.length === 0 && !report.interrupted,
        toolExecutionNotifications: [
          ...(report.interrupted
            ? [{ level: 'error', message: { text: 'The scan was interrupted before its end.' } }]
            : []),
          ...errors.map(({ path, reason }) => ({
            level: 'error',
            message: { text: `Could not be read: ${plain(reason)}` },
            locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
          })),
        ],
      },
    ],
    ...(cwd === undefined ? {} : { originalUriBaseIds: { [ROOT]: { uri: pathToFileURL(`${cwd}/`).href } } }),
    columnKind: 'utf16CodeUnits',
    results: report.findings.map((finding) => result(finding, ruleIndex.get(finding.ruleId)!)),
    properties: {
      scope: plain(report.scope),
      statistics: report.statistics,
      skippedByPolicy: policyCounts(report).map(([reason, count]) => ({ reason: plain(reason), count })),
    },
  };
  const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

function descriptor(finding: Finding) {
  const { ruleId, provider, description, severity, rotate } = finding;
  const address = webAddress(rotate);
  const noun = plain(description);
  const help =
    `${noun} in the text of a file. Read the value from the environment or a secret store instead. ` +
    `If anyone else could have read it, ${revokeAdvice({ ...finding, rotate: undefined })}; removing it does not take it out of the history.`;
  return {
    id: ruleId,
    shortDescription: { text: noun },
    fullDescription: { text: `${noun} (${plain(provider)}) in the text of a file.` },
    help: {
      text: address === undefined ? help : `${help} Revoke it at ${address}`,
      markdown:
        address === undefined ? help : `${help} [Revoke it here](${address.replace(/[()]/g, encodeURIComponent)}).`,
    },
    ...(address === undefined ? {} : { helpUri: address }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['security', 'secret'], 'security-severity': SCORES[severity], precision: 'high' },
  };
}

function result(finding: Finding, ruleIndex: number) {
  const { ruleId, severity, probability, verdict, decidedBy, reason, fingerprint, preview, secret } = finding;
  const { source, way, commit, author, date, inHead, parts = [], related = [] } = finding;
  const places = [
    ...parts.map((part) => ({ ...location(part), message: { text: `${plain(part.role)} ${plain(part.text)}` } })),
    ...related.map(location),
  ];
  return {
    ruleId,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: `${titleOf(finding)}, ${sureness(probability)}: ${plain(reason)}. ${adviceFor(finding)}` },
    locations: [location(finding)],
    ...(places.length === 0 ? {} : { relatedLocations: places }),
    partialFingerprints: { 'smartSecretsScanner/v1': fingerprint },
    rank: Math.round(probability * 1000) / 10,
    properties: {
      severity,
      verdict,
      probability,
      decidedBy,
      preview: plain(preview),
      secret,
      way,
      source,
      commit,
      author,
      date,
      inHead,
    },
  };
}

function location({ path, line, endLine, column, endColumn }: Location) {
  return {
    physicalLocation: {
      artifactLocation: artifact(path),
      region: {
        startLine: line,
        startColumn: column,
        endLine,
        endColumn: line === endLine ? Math.max(column, endColumn) : Math.max(1, endColumn),
      },
    },
  };
}

/** Relative paths start at the directory of the scan; those outside it are whole addresses. */
function artifact(path: string): { uri: string; uriBaseId?: string } {
  // Anything that is no character would make `encodeURIComponent` fail.
  const safe = path.replace(/\p{Cs}/gu, '\ufffd');
  if (isAbsolute(safe)) return { uri: pathToFileURL(safe).href };
  return { uri: safe.split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT };
}
