/** Where a chunk came from. */
export type Origin =
  | { kind: 'file' }
  | { kind: 'stdin' }
  | { kind: 'staged'; blob: string }
  /** A blob of a commit range: only the lines that the range added are judged. */
  | { kind: 'range'; blob: string; commit: string }
  /** A blob reachable (or not) from the history; commits are looked up for findings only. */
  | { kind: 'history'; blob: string }
  /** A commit, tag or note message. `object` is the commit or tag that carries it. */
  | { kind: 'message'; of: 'commit' | 'tag' | 'note'; object: string };

/** How the bytes were turned into text. `binary`: text runs of a binary file, everything else is blanks. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | 'latin1' | 'binary';

/** Inclusive 1-based line ranges, sorted, not overlapping. */
export type LineRanges = readonly (readonly [first: number, last: number])[];

/** One text to scan: a whole file or blob, or a piece of a very large one. */
export interface TextChunk {
  origin: Origin;
  /** What the user would open: `/`-separated, relative to the current directory, absolute outside it. */
  path: string;
  /** Path inside the repository or the scanned root: what allowlists, fingerprints and features look at. */
  logicalPath: string;
  /**
   * Of text out of a container (an archive, a database, a notebook) its path in there: both paths end with `!` and it.
   */
  member?: string;
  text: string;
  /** Size of the source in bytes. */
  bytes: number;
  encoding: Encoding;
  /** 1-based number of the first line of `text` (more than 1 only for later pieces of a large file). */
  firstLine: number;
  /** The lines that are new (1-based, in the numbering of the file). Absent: every line counts. */
  added?: LineRanges;
  /** Set for a text that was decoded from parts of another one. */
  decoded?: Decoded;
}

/** Where a decoded text comes from. Spans are UTF-16 code units, their ends exclusive. */
export interface Decoded {
  from: TextChunk;
  /** The encodings, outermost first: `['base64', 'character escapes']`. */
  way: readonly string[];
  /** The place in `from.text` of what a span of this text was decoded from. */
  place(start: number, end: number): { start: number; end: number };
  /** Whether something in a span was decoded; the rest is context, as it stands in `from.text`. */
  touches(start: number, end: number): boolean;
}

/** An input that was not looked at, or only in part, and why. */
export interface Skipped {
  path: string;
  reason: string;
  /** `error`: something that should have been read could not be (a hook must fail closed); `policy`: left out by a rule. */
  kind: 'error' | 'policy';
}

export type SourceItem = { chunk: TextChunk } | { skipped: Skipped };

/** Remembers which texts came out clean. A source asks it before it reads, and reads nothing that is known. */
export interface ReadMemory {
  /** A file that is about to be opened; undefined when it is known to be clean. */
  file(file: { file: string; path: string; logicalPath: string; named: boolean }): Reading | undefined;
  /** An object of git that is about to be asked for; undefined when it is known to be clean. */
  object(object: { oid: string; source: Pick<TextChunk, 'origin' | 'path' | 'logicalPath'> }): Reading | undefined;
}

/** A file, blob or message while it is read. */
export interface Reading {
  /** Takes all its bytes, where they are held as a whole. True: they are known to be clean. */
  isKnown(bytes: Buffer): boolean;
  /** Passes on what is read, and takes note of it. */
  follow(items: AsyncIterable<SourceItem>): AsyncIterable<SourceItem>;
}

/** Something that yields text to scan. Sources only read; they never judge. */
export interface ScanSource {
  /** For people: `staged changes`, `working tree of .`, `history`. */
  readonly description: string;
  /** How many items will come, when it is known up front (for progress). */
  readonly total?: number;
  items(signal?: AbortSignal): AsyncIterable<SourceItem>;
  /** For history: fills in where a blob or message came from. Called once, for the findings only. */
  locate?(origins: readonly Origin[]): Promise<Map<string, CommitInfo>>;
}

/** The first commit that brought a blob (or the object that carries a message). Keyed by `originKey(origin)`. */
export interface CommitInfo {
  commit: string;
  author: string;
  /** ISO 8601. */
  date: string;
  /** Paths that the blob has had, as the user would open them, first one first. */
  paths?: string[];
  inHead?: boolean;
}
