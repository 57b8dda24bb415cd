import type { Config } from '../types.ts';
import { NO_MARKERS } from './markers.ts';

/**
 * The configuration by which a scan tells whatever it can find: what is less sure, allowed, marked, known, of a rule that is
 * off, or let pass by the configuration of a folder.
 */
export function nothingHidden(config: Config): Config {
  const { folders } = config;
  return {
    ...config,
    preset: 'wide',
    disabledRules: [],
    allow: [],
    markers: NO_MARKERS,
    baseline: false,
    ignoreFiles: [],
    ...(folders ? { folders: { ...folders, isOff: true } } : {}),
  };
}
