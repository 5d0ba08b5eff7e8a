/**
 * Text of an alert as it is shown: control characters, such as the escapes that steer a terminal, by their pictures
 * (␛), and what turns the direction of writing or takes no room by its number (⟨U+202E⟩), so that nothing is hidden.
 */
export function visibleText(text: string): string {
  return text
    .replace(CONTROLS, (character) => {
      const code = character.charCodeAt(0);
      return code === 0x7f
        ? '\u2421'
        : code < 0x20
          ? String.fromCharCode(0x2400 + code)
          : numbered(character);
    })
    .replace(INVISIBLE, numbered);
}

// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

function numbered(character: string): string {
  return `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
