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

/** The classes that classifiers of alerts use have always the same style. */
const KNOWN = ['SN', 'AGN', 'VS', 'asteroid', 'bogus'];

/** How a class is drawn, the same on every day; null for what has no class. */
export function classStyle(name: string | null): ClassStyle {
  if (name === null) return NONE;
  const known = KNOWN.findIndex((one) => one.toLowerCase() === name.toLowerCase());
  if (known >= 0) return STYLES[known]!;
  const sum = [...name].reduce((total, character) => (total * 31 + character.codePointAt(0)!) % 9973, 7);
  return STYLES[sum % STYLES.length]!;
}
