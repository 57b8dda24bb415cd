/** A piece of a text to be replaced. Offsets are UTF-16 code units, the end exclusive. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The languages in which a literal can be replaced by a look-up in the environment. */
export type Language =
  | 'javascript'
  | 'typescript'
  | 'python'
  | 'ruby'
  | 'go'
  | 'java'
  | 'shell'
  | 'yaml'
  | 'env-example';

/** A value that was found in a text, and what the lookup that replaces it is to be called. */
export interface Target {
  start: number;
  end: number;
  /** `SMTP_PASSWORD`. */
  name: string;
}

/** Why a value stays where it is, and what its owner can do. */
export interface Refusal {
  refused: string;
  /** In words, without the value. */
  todo?: string;
}

/** How a value is replaced. */
export interface Draft {
  edits: Edit[];
  /** The variable that the value is read from; where it stood beside the value already, that name. */
  name: string;
  /** The name is that of a secret of GitHub, and not of a variable of the environment. */
  isActionsSecret?: boolean;
  /** The name stood there already, in a list of names: nothing is to be set. */
  isListed?: boolean;
  /** An import that the new text needs, put in once for the file. */
  needs?: 'os';
}

/** What a language makes of a literal. */
export type Drafted = Draft | Refusal;

/** Whether a value has to stay where it is. */
export function isRefusal(drafted: Drafted): drafted is Refusal {
  return 'refused' in drafted;
}
