import type { MarkerPeer, MarkerSettings } from '../types.ts';

/** The peers whose markers are known. */
export const MARKER_PEERS: readonly MarkerPeer[] = [
  'gitleaks',
  'betterleaks',
  'trufflehog',
  'kingfisher',
  'detect-secrets',
  'secretlint',
  'ggshield',
];

/** What counts unless the configuration says otherwise. */
export const ALL_MARKERS: MarkerSettings = { own: true, peers: MARKER_PEERS, requireReason: false };

/** For `--no-markers`. */
export const NO_MARKERS: MarkerSettings = { own: false, peers: [], requireReason: false };
