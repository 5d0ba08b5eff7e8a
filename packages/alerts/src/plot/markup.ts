/**
 * Text of an alert for XML and HTML: markup escaped, what XML 1.0 does not permit and what turns the direction of
 * writing taken out.
 */
export function escapeMarkup(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

/** Text of an alert on one line, without terminal codes and without what turns the direction of writing. */
export function plainText(text: string): string {
  const line = text.replace(FORBIDDEN, '').replace(/[\n\r\t]+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

const LONGEST = 120;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const FORBIDDEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A number with no more digits than a picture shows. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
}
