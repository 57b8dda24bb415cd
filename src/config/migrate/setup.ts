import type { ImportedAllow, ImportedRule } from '../import/imported.ts';

/** The scanners whose setup can be taken over. */
export const PEERS = ['gitleaks', 'detect-secrets', 'secretlint', 'trufflehog'] as const;
export type Peer = (typeof PEERS)[number];

/** A finding that a file names by its place: what stands there is to be allowed. */
export interface IgnoredPlace {
  path: string;
  line: number;
  /** In this commit; absent: in the working tree. */
  commit?: string;
  /** As its line in the file says it. */
  said: string;
}

/** What the setup of a peer amounts to, in words of our configuration. */
export interface PeerSetup {
  peer: Peer;
  /** Files that were read, relative to the root. */
  files: string[];
  /** False: it used no rules but its own. */
  useBuiltin: boolean;
  disable: string[];
  rules: ImportedRule[];
  allow: ImportedAllow[];
  ignored: IgnoredPlace[];
  /** What was taken over in another form, one line each. */
  changed: string[];
  /** What could not be, and why, one line each. */
  left: string[];
  /** What is for people to do. */
  todo: string[];
}

/** A setup that says nothing yet. */
export function emptySetup(peer: Peer): PeerSetup {
  return {
    peer,
    files: [],
    useBuiltin: true,
    disable: [],
    rules: [],
    allow: [],
    ignored: [],
    changed: [],
    left: [],
    todo: [],
  };
}

/** A place at which a peer is started. */
export interface Caller {
  peer: Peer;
  /** Relative to the root. */
  file: string;
  line: number;
  /** What stands behind the name of the program there. */
  args: readonly string[];
  /** Regular expression over paths that the place leaves out, in Python. */
  exclude?: string;
  /** Characters of the file, and what comes in their place. Absent: for people to do, see `instead`. */
  edit?: Edit;
  /** What should stand there. */
  instead: string;
}

/** A piece of a text, and what is to stand there instead. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The files of a repository, as far as they are of interest here. */
export interface Files {
  root: string;
  /** Text of a file below the root; undefined when it is not there. @throws UserError when it cannot be read */
  read(path: string): Promise<string | undefined>;
  /** Names in a folder below the root; none when it is not there. */
  list(folder: string): string[];
}
