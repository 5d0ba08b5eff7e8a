import type { MarkShape } from '@apf/alerts/browser';

export interface ClassStyle {
  readonly colour: { readonly light: string; readonly dark: string };
  readonly shape: MarkShape;
}

/**
 * Colours that people with any colour vision tell apart (Okabe & Ito 2008, Color Universal Design), darkened for white
 * paper where they are too light; shapes tell the rest.
 */
const STYLES: readonly ClassStyle[] = [
  { colour: { light: '#c44e00', dark: '#ff9d45' }, shape: 'circle' },
  { colour: { light: '#0072b2', dark: '#56b4e9' }, shape: 'square' },
  { colour: { light: '#00805d', dark: '#2fd6a4' }, shape: 'triangle' },
  { colour: { light: '#a8468a', dark: '#e79fcb' }, shape: 'diamond' },
  { colour: { light: '#8a7a00', dark: '#f0e442' }, shape: 'star' },
  { colour: { light: '#5b4bc4', dark: '#a99cff' }, shape: 'pentagon' },
];

const NONE: ClassStyle = { colour: { light: '#6b7480', dark: '#8d99a6' }, shape: 'circle' };

/** The classes of ALeRCE's stamp classifier, which always look the same. */
const KNOWN = ['SN', 'AGN', 'VS', 'asteroid', 'bogus'];

/** How each of some classes is drawn: as long as no other class comes, each in the same way; null is no class. */
export function classStyles(names: readonly (string | null)[]): ReadonlyMap<string | null, ClassStyle> {
  const others = names.filter((name): name is string => name !== null && !KNOWN.includes(name)).sort();
  return new Map([
    ...KNOWN.map((name, i) => [name, STYLES[i]!] as const),
    ...others.map((name, i) => [name, otherStyle(i)] as const),
    [null, NONE],
  ]);
}

/** Colours by turns, each time with the shape of another one: 30 that differ from each other and from those above. */
function otherStyle(i: number): ClassStyle {
  const shift = 1 + (Math.floor(i / STYLES.length) % (STYLES.length - 1));
  const colour = (i + KNOWN.length) % STYLES.length;
  return { colour: STYLES[colour]!.colour, shape: STYLES[(colour + shift) % STYLES.length]!.shape };
}
