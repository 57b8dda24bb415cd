import type { Grammar } from './lexer.ts';

const line = { multiline: false, escapes: true };
const block = { multiline: true, escapes: true };

const REGEX_AFTER = new Set(
  (
    'return typeof case do else in of new delete void throw yield await instanceof ' +
    'and or not if unless when while until then'
  ).split(' '),
);

/** How the strings and comments of each language are written. */
export const GRAMMARS = {
  javascript: {
    lineComments: ['//'],
    blockComments: [['/*', '*/']],
    quotes: [
      { open: '"', ...line },
      { open: "'", ...line },
      { open: '`', ...block, hole: '${' },
    ],
    regexAfter: REGEX_AFTER,
  },
  python: {
    lineComments: ['#'],
    blockComments: [],
    quotes: [
      { open: '"""', ...block, hole: '{' },
      { open: "'''", ...block, hole: '{' },
      { open: '"', ...line, hole: '{' },
      { open: "'", ...line, hole: '{' },
    ],
    prefix: /(?:[rR][bBfF]?|[bBfF][rR]?|[uU])(?=["'])/y,
  },
  ruby: {
    lineComments: ['#'],
    blockComments: [
      ['=begin', '\n=end'],
      ['__END__', '\0'],
    ],
    quotes: [
      { open: '"', ...block, hole: '#{' },
      { open: "'", ...block },
      { open: '`', ...block, hole: '#{' },
    ],
    regexAfter: REGEX_AFTER,
    heredocs: true,
  },
  go: {
    lineComments: ['//'],
    blockComments: [['/*', '*/']],
    quotes: [
      { open: '"', ...line },
      { open: "'", ...line },
      { open: '`', multiline: true, escapes: false },
    ],
  },
  java: {
    lineComments: ['//'],
    blockComments: [['/*', '*/']],
    quotes: [
      { open: '"""', ...block },
      { open: '"', ...line },
      { open: "'", ...line },
    ],
  },
} as const satisfies Record<string, Grammar>;
