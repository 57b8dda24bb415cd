/** The same text by itself: a slice keeps all of the text alive that it was cut from. */
export function ownCopy(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
