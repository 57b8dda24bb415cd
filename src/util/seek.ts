/**
 * Tells where `sign` stands next in `text`, the end of the text where it does not. To be asked about places in their order:
 * then the text is read once, however often that is.
 */
export function seeker(text: string, sign: string): (from: number) => number {
  let at = -1;
  return (from) => {
    if (at < from) {
      at = text.indexOf(sign, from);
      if (at < 0) at = text.length;
    }
    return at;
  };
}
