/** Bytes that file systems take in a name, less what endings and temporary names need. */
const LONGEST = 180;

/** Text from an alert as a harmless part of a file's name: nothing in it leaves its folder, hides, or is an option. */
export function safeName(text: string): string {
  const plain = text
    .replaceAll(/[^A-Za-z0-9._+-]/g, '_')
    .replace(/^[.-]+/, '_')
    .slice(0, LONGEST);
  return plain === '' ? '_' : plain;
}
