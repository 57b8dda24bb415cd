/** How many containers inside each other are opened, and how many encodings inside each other are decoded, unless told. */
export const USUAL_DEPTH = 4;
/** The most that may be asked for: nobody packs deeper, and what does is made to keep a machine busy. */
export const MOST_DEPTH = 16;

/** How what is read is bounded. */
export interface ReadLimits {
  /** Bytes of a file, and of a member of a container; 0: no limit. */
  maxFileSize: number;
  /** How many containers inside each other are opened: USUAL_DEPTH unless told; 0: none. */
  maxDepth?: number | undefined;
}
