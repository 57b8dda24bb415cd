import type { Rule } from '../../types.ts';

/** A word that stands for itself: no variable, no other option, nothing to be put in. */
const PLAIN = '[^\\s\'"$%<>`(){}|;&/-][^\\s\'"$%<>`(){}|;&]';

/** With a digit in it; what is made of words is left to the judge of other passwords. */
const password = { severity: 'high', confidence: 'likely', entropy: 2.2, validator: 'letters-digits' } as const;

/** Passwords as the commands of Windows take them. */
export const commandsRules: readonly Rule[] = [
  {
    id: 'powershell-plain-text-password',
    provider: 'PowerShell',
    description: 'password in the clear that becomes a SecureString',
    keywords: ['convertto-securestring'],
    ...password,
    pattern:
      /ConvertTo-SecureString[ \t](?=[^\n]{0,200}-AsPlainText)(?:-(?:AsPlainText|Force|String)[ \t]{1,4}){0,3}["']?(?<secret>[^\s"'$<>(){}-][^\s"'$<>(){}]{5,127})["']?(?![^\s"',;)])/i,
    examples: {
      secret: [
        '$p = ConvertTo-SecureString "{{alnum:11}}7" -AsPlainText -Force',
        "ConvertTo-SecureString -String '{{alnum:12}}' -AsPlainText -Force",
        'ConvertTo-SecureString -AsPlainText -Force -String {{alnum:12}}',
      ],
      harmless: [
        '$p = ConvertTo-SecureString $env:PASSWORD -AsPlainText -Force',
        '$p = ConvertTo-SecureString (Get-Content $file) -AsPlainText -Force',
        '$p = ConvertTo-SecureString "{{alnum:12}}" -Key $key',
      ],
    },
  },
  {
    id: 'powercli-password',
    provider: 'VMware',
    description: 'password of a PowerCLI session',
    keywords: ['connect-viserver'],
    ...password,
    pattern: new RegExp(
      `Connect-VIServer[ \\t][^\\n]{0,200}?-Pass(?:word)?[ \\t]{1,4}["']?(?<secret>${PLAIN}{4,127})`,
      'i',
    ),
    examples: {
      secret: ['Connect-VIServer -Server vc1 -User admin -Password {{alnum:12}}'],
      harmless: ['Connect-VIServer -Server vc1 -User admin -Password $password', 'Connect-VIServer -Server vc1'],
    },
  },
  {
    id: 'psexec-password',
    provider: 'Windows',
    description: 'password on the command line of PsExec',
    keywords: ['psexec'],
    ...password,
    pattern: new RegExp(
      `psexec(?:64)?(?:\\.exe)?["']?[ \\t][^\\n]{0,160}?-u[ \\t]{1,4}\\S{1,80}[ \\t]{1,4}-p[ \\t]{1,4}["']?(?<secret>${PLAIN}{4,127})`,
      'i',
    ),
    examples: {
      secret: ['psexec.exe \\\\web1 -u ACME\\deploy -p {{alnum:12}} cmd'],
      harmless: ['psexec.exe \\\\web1 -u ACME\\deploy -p %PASSWORD% cmd', 'psexec.exe \\\\web1 -u deploy cmd'],
    },
  },
  {
    id: 'net-use-password',
    provider: 'Windows',
    description: 'password of a network share on the command line',
    keywords: ['net use'],
    ...password,
    pattern: new RegExp(
      `net(?:\\.exe)? use (?:[a-z*]:?[ \\t]{1,4})?\\\\\\\\[\\w.$-]{1,80}\\\\[\\w.$\\\\-]{1,160}[ \\t]{1,4}(?:/user:\\S{1,80}[ \\t]{1,4})?["']?(?<secret>${PLAIN}{4,127})`,
      'i',
    ),
    examples: {
      secret: ['net use Z: \\\\nas\\backup /user:ACME\\deploy {{alnum:12}}'],
      harmless: ['net use Z: \\\\nas\\backup /user:ACME\\deploy %PASSWORD%', 'net use Z: \\\\nas\\backup /delete'],
    },
  },
];
