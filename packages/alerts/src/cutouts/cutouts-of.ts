import { type Fields, isFields } from '../surveys/fields.js';

export const CUTOUT_NAMES = ['Science', 'Template', 'Difference'] as const;
export type CutoutName = (typeof CUTOUT_NAMES)[number];

/** An image of an alert as it came: FITS, gzip or not. */
export interface Cutout {
  readonly name: CutoutName;
  /** Views of the alert's memory. */
  readonly bytes: Buffer;
  /** The name that ZTF and LSST until its schema 2 gave it; it comes from the network. */
  readonly fileName: string | null;
}

/** The images that an alert has, of science, template and difference in this order: none, some or all three. */
export function cutoutsOf(alert: unknown): Cutout[] {
  const fields: Fields = isFields(alert) ? alert : {};
  return CUTOUT_NAMES.flatMap((name) => {
    const value = fields[`cutout${name}`];
    // ZTF and older LSST schemas hold them in a record, others bare.
    const held: Fields = isFields(value) && !(value instanceof Uint8Array) ? value : { stampData: value };
    const { stampData, fileName } = held;
    if (!(stampData instanceof Uint8Array) || stampData.length === 0) return [];
    const bytes = Buffer.from(stampData.buffer, stampData.byteOffset, stampData.byteLength);
    return [{ name, bytes, fileName: typeof fileName === 'string' ? fileName : null }];
  });
}
