import { DEVICES, PRESETS } from './settings.ts';

type FlagsAndText = readonly [flags: string, description: string];

/** The options of `SettingsFlags` that several commands take. */
export const CONFIG_OPTION: FlagsAndText = ['--config <file>', 'configuration to use instead of the one that is found'];
export const MODEL_OPTION: FlagsAndText = ['--model <folder>', 'model folder to judge with, instead of the one in use'];
export const NO_MODEL_OPTION: FlagsAndText = ['--no-model', 'do not ask the language model: the gate decides alone'];
export const DEVICE_OPTION: FlagsAndText = [
  '--device <device>',
  `where the language model runs: ${DEVICES.join(', ')}`,
];

export const JUDGE_OPTION: FlagsAndText = [
  '--judge <model>',
  'ask a large language model about what is in doubt: ollama, ollama:MODEL or llama-cpp:FILE.gguf',
];
export const NO_JUDGE_OPTION: FlagsAndText = ['--no-judge', 'ask none, whatever the configuration says'];
export const JUDGE_URL_OPTION: FlagsAndText = [
  '--judge-url <url>',
  'address of the Ollama server; one of another machine is sent what is in doubt, and the line that it stands on',
];

export const MAX_FILE_SIZE_OPTION: FlagsAndText = [
  '--max-file-size <size>',
  'leave out larger files: 500kB, 10MB; 0 is no limit',
];
export const MAX_DEPTH_OPTION: FlagsAndText = [
  '--max-depth <number>',
  'open so many containers inside each other, and undo so many encodings; 0 is none',
];

export const NO_CACHE_OPTION: FlagsAndText = [
  '--no-cache',
  'read everything, also what an earlier scan found clean, and remember nothing',
];

/** @param step what a secret leads to: `reporting` */
export function presetOption(step: string): FlagsAndText {
  return ['--preset <preset>', `how sure to be before ${step}: ${PRESETS.join(', ')}`];
}

export const BASELINE_OPTION: FlagsAndText = [
  '--baseline <file>',
  'the baseline of known findings, instead of the one that is found',
];
export const NO_BASELINE_OPTION: FlagsAndText = ['--no-baseline', 'do not leave out what is in the baseline'];
export const NO_MARKERS_OPTION: FlagsAndText = ['--no-markers', 'report what markers such as sss:allow hide, too'];
