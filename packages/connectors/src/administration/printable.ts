/** Text from outside for a line on a terminal: control characters as `\u001b`, and cut after `longest` characters. */
export function printable(text: string, longest = 80): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return cut.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
