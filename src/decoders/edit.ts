/** Longest decoded text that is put back into its line, in UTF-16 code units. */
export const LONGEST_IN_LINE = 200;

/** A part of a text that says something else once it is decoded. Offsets are UTF-16 code units; `end` is exclusive. */
export interface Edit {
  start: number;
  end: number;
  /** What it says. Empty where two literals meet that the program joins. */
  text: string;
  /** Too long or of too many lines to stand in the line of the encoded text: a text of its own. */
  alone: boolean;
  /** Worth looking at. What is not is decoded only where it stands beside something that is. */
  telling: boolean;
}

/** The edits of one encoding in a text: sorted, none overlapping another. */
export interface Encoded {
  /** Name of the encoding, as it reads behind "decoded from"; then of how that was packed before, if it was. */
  way: readonly string[];
  edits: Edit[];
}

/** Sorts edits by place and drops those that overlap an earlier one. */
export function inOrder(edits: Edit[]): Edit[] {
  const sorted = edits.sort((a, b) => a.start - b.start || b.end - a.end);
  let end = 0;
  return sorted.filter((edit) => {
    if (edit.start < end) return false;
    end = edit.end;
    return true;
  });
}
