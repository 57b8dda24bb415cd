import { SEVERITIES } from '../findings/order.ts';
import { plain } from '../findings/redact.ts';
import type { Finding, Report } from '../types.ts';
import { escapeMarkup } from './markup.ts';
import {
  adviceFor,
  countFindings,
  countScanned,
  errorsOf,
  hiddenLines,
  partText,
  place,
  policyCounts,
  sureness,
  titleOf,
  webAddress,
} from './words.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --critical: #b3261e; --high: #b25b00; --medium: #7a6a00; --low: #4a6785 }
@media (prefers-color-scheme: dark) { :root { --critical: #ff8a80; --high: #ffb066; --medium: #e6d264; --low: #9cc3e6 } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
pre, code { font-family: ui-monospace, monospace; font-size: 13px }
pre { background: var(--soft); padding: .6rem; overflow-x: auto; margin: .5rem 0 }
details { border-bottom: 1px solid var(--line) }
details details { padding-left: 1rem }
summary { cursor: pointer; padding: .4rem 0; overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0 1rem }
dd { margin: 0; overflow-wrap: anywhere }
.group { font-size: 1.1rem; font-weight: 600; text-transform: capitalize }
${SEVERITIES.map((severity) => `.${severity} { color: var(--${severity}) }`).join('\n')}`;

/** One file that needs nothing else: no scripts, nothing loaded. Findings fold by severity. */
export function html(report: Report): string {
  const { findings, tool, scope } = report;
  const errors = errorsOf(report);
  const counts = policyCounts(report);
  const body = [
    `<h1>${findings.length === 0 ? 'No secrets found' : `${countFindings(report)} found`}</h1>`,
    `<p>${safe(scope)}: ${safe(countScanned(report))}. ${safe(`${tool.name} ${tool.version}`)}</p>`,
    ...hiddenLines(report).map((line) => `<p>${safe(line)}.</p>`),
    ...(report.interrupted
      ? ['<p class="high"><strong>The scan was interrupted: this is what was found until then.</strong></p>']
      : []),
    ...(errors.length > 0
      ? [
          list({
            title: 'Could not be read',
            open: true,
            items: errors.map(({ path, reason }) => `${path}: ${reason}`),
          }),
        ]
      : []),
    ...SEVERITIES.flatMap((severity) =>
      group(
        severity,
        findings.filter((finding) => finding.severity === severity),
      ),
    ),
    ...(counts.length > 0
      ? [list({ title: 'Skipped', open: false, items: counts.map(([reason, count]) => `${count} × ${reason}`) })]
      : []),
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>Secrets in ${safe(scope)}</title>
<style>${STYLE}
</style>
</head>
<body>
${body.join('\n')}
</body>
</html>
`;
}

function group(severity: Finding['severity'], findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  return [
    `<details open><summary class="group ${severity}">${severity} (${findings.length})</summary>`,
    ...findings.map(details),
    '</details>',
  ];
}

function details(finding: Finding): string {
  const {
    ruleId,
    reason,
    probability,
    fingerprint,
    rotate,
    commit,
    author,
    date,
    inHead,
    parts = [],
    related = [],
  } = finding;
  const address = webAddress(rotate);
  const history = [
    commit,
    author,
    date,
    inHead === undefined ? undefined : inHead ? 'still in HEAD' : 'no longer in HEAD',
  ];
  const from = history.filter((part) => part !== undefined).join(', ');
  const link = address === undefined ? '' : ` <a href="${escapeMarkup(address)}" rel="noreferrer">Revoke it</a>`;
  const rows: [term: string, description: string][] = [
    ['Why', safe(`${sureness(probability)}: ${reason}`)],
    ['Rule', `<code>${safe(ruleId)}</code>`],
    ['What to do', safe(adviceFor(finding)) + link],
    ...parts.map((part): [string, string] => ['With', safe(partText(part))]),
    ...(from === '' ? [] : [['From', safe(from)] satisfies [string, string]]),
    ...(related.length === 0
      ? []
      : [['Also in', related.map((other) => safe(place(other))).join('<br>')] satisfies [string, string]]),
    ['Fingerprint', `<code>${safe(fingerprint)}</code>`],
  ];
  return `<details><summary><code>${safe(place(finding))}</code> ${safe(titleOf(finding))}, ${safe(sureness(probability))}</summary>
<pre>${safe(finding.preview)}</pre>
<dl>${rows.map(([term, description]) => `<dt>${term}</dt><dd>${description}</dd>`).join('')}</dl>
</details>`;
}

function list({ title, open, items }: { title: string; open: boolean; items: readonly string[] }): string {
  const entries = items.map((item) => `<li>${safe(item)}</li>`).join('');
  return `<details${open ? ' open' : ''}><summary>${title} (${items.length})</summary><ul>${entries}</ul></details>`;
}

function safe(text: string): string {
  return escapeMarkup(plain(text));
}
