import type { Rule } from '../../types.ts';

/** `kind: Secret` at the top level, and what may lie between it and the map of values: anything of one document. */
const SECRET_KIND = '^ ?kind:[ \\t]{0,4}["\']?secret\\b';
const SAME_DOCUMENT = '(?:(?!\\n---)[\\s\\S]){0,4000}?';
const DATA_BLOCK = '^ ?data:[ \\t]{0,8}\\r?\\n(?:(?:[ \\t#][^\\n]{0,4200})?\\n){0,60}';
const DATA_VALUE =
  '^[ \\t]{1,8}[\\w.-]{1,128}:[ \\t]{0,4}(?:[|>][+-]?[ \\t]{0,4}\\r?\\n[ \\t]{1,16})?["\']?(?<secret>[A-Za-z0-9+/]{10,4096}={0,3})["\']?[ \\t]*\\r?$';
const manifest = {
  provider: 'Kubernetes',
  keywords: ['kind: secret', 'kind: "secret"', "kind: 'secret'"],
  severity: 'high',
  confidence: 'likely',
  entropy: 2.6,
  window: { before: 8192, after: 8192 },
  rotate: 'https://kubernetes.io/docs/concepts/configuration/secret/',
} as const;

/**
 * Rules for Kubernetes. In manifests the surroundings are looked at from each value, so that every value of the map is
 * found, not only the first.
 */
export const kubernetesRules: readonly Rule[] = [
  {
    ...manifest,
    id: 'kubernetes-secret-data',
    description: 'value in a Kubernetes Secret manifest',
    pattern: new RegExp(`(?<=${SECRET_KIND}${SAME_DOCUMENT}${DATA_BLOCK})${DATA_VALUE}`, 'im'),
    examples: {
      secret: [
        'apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  # all of it\n  password: {{b64({{alnum:12}})}}\n',
      ],
      harmless: [
        'apiVersion: v1\nkind: ConfigMap\ndata:\n  password: {{b64({{alnum:12}})}}\n',
        "kind: Secret\nmetadata:\n  name: registry\ndata:\n  htpasswd: ''\n  user: <name>\n",
        'kind: Secret\nmetadata:\n  name: a\n---\nkind: ConfigMap\ndata:\n  password: {{b64({{alnum:12}})}}\n',
      ],
    },
  },
  {
    ...manifest,
    id: 'kubernetes-secret-data-first',
    description: 'value in a Kubernetes Secret manifest that names its kind last',
    pattern: new RegExp(`(?<=${DATA_BLOCK})${DATA_VALUE}(?=${SAME_DOCUMENT}\\n ?kind:[ \\t]{0,4}["']?secret\\b)`, 'im'),
    examples: {
      secret: ['apiVersion: v1\ndata:\n  extra: "{{b64(admin:{{alnum:10}})}}"\nkind: Secret\n'],
      harmless: [
        'apiVersion: v1\ndata:\n  extra: "{{b64(admin:{{alnum:10}})}}"\nkind: SecretStore\n',
        'apiVersion: v1\ndata:\n  extra: "<base64>"\nkind: Secret\n',
      ],
    },
  },
  {
    id: 'kubernetes-kubeconfig-key',
    provider: 'Kubernetes',
    description: 'client key of a kubeconfig file',
    keywords: ['client-key-data'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 4,
    window: { before: 128, after: 8192 },
    pattern: /client-key-data["']?\s{0,2}[:=]\s{0,4}["']?(?<secret>LS0tLS1CRUdJTi[A-Za-z0-9+/]{200,8000}={0,2})/,
    rotate: 'https://kubernetes.io/docs/tasks/administer-cluster/certificates/',
    examples: {
      secret: ['    client-key-data: LS0tLS1CRUdJTi{{alnum:400}}'],
      harmless: ['    client-key-data: REDACTED', '    client-certificate-data: LS0tLS1CRUdJTi{{alnum:400}}'],
    },
  },
  {
    id: 'kubernetes-bootstrap-token',
    provider: 'Kubernetes',
    description: 'kubeadm bootstrap token',
    keywords: ['kubeadm'],
    severity: 'critical',
    confidence: 'likely',
    entropy: 3,
    pattern: /kubeadm[\s\S]{0,160}?token(?:=|:?\s{1,4})["']?(?<secret>[a-z0-9]{6}\.[a-z0-9]{16})(?![\w.-])/,
    stopwords: ['abcdef.0123456789abcdef'],
    examples: {
      secret: ['kubeadm join 10.0.0.1:6443 --token {{lownum:6}}.{{lownum:16}}'],
      harmless: [
        'kubeadm join 10.0.0.1:6443 --token abcdef.0123456789abcdef',
        'kubeadm join 10.0.0.1:6443 --token <token>',
      ],
    },
  },
  {
    id: 'kubernetes-k3s-token',
    provider: 'K3s',
    description: 'token that nodes join a K3s or RKE2 cluster with',
    keywords: ['k10'],
    severity: 'critical',
    confidence: 'certain',
    entropy: 3.3,
    pattern: /(?<![A-Za-z0-9_])(?<secret>K10[0-9a-f]{64}::(?:[\w.-]{1,64}:)?[\w.-]{12,128})(?![\w-])/,
    rotate: 'https://docs.k3s.io/cli/token',
    examples: {
      secret: ['K3S_TOKEN=K10{{hex:64}}::server:{{hex:32}}', 'token: K10{{hex:64}}::{{lownum:6}}.{{lownum:16}}'],
      harmless: ['K3S_TOKEN=K10{{hex:64}}', 'K3S_TOKEN=K10{{hex:64}}::server:$SECRET'],
    },
  },
];
