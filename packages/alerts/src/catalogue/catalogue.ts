import { UsageError } from '@apf/core';
import { coneRanges } from '../sky/cone-ranges.js';
import { healpixOf } from '../sky/healpix.js';
import { angleBetween, type SkyPosition, unitVector, type Vector } from '../sky/sky-position.js';

/** The values of one column: NaN stands for a number that is missing, null for any other value. */
export interface CatalogueColumn {
  readonly name: string;
  readonly type: 'number' | 'text' | 'integer' | 'boolean';
  readonly values: Float64Array | readonly (string | bigint | boolean | null)[];
}

/** A source of a catalogue, near a position. */
export interface CatalogueMatch {
  /** [arcsec] */
  readonly separation: number;
  /** Number of the source in the catalogue, from 0. */
  readonly index: number;
  readonly position: SkyPosition;
}

const ARCSEC = 3_600;
/** What a search may reach [arcsec]: beyond it is no search for one source. */
const WIDEST = 180 * ARCSEC;

/**
 * Sources at positions in the sky, held in memory and indexed by HEALPix pixels: 32 bytes each and their columns. Right at
 * the poles and across right ascension 0.
 */
export class Catalogue {
  /** Pixels of the sources in ascending order, and which source each is of. */
  private readonly pixels: Float64Array;
  private readonly order: Uint32Array;

  /**
   * @param ra and dec [deg] of each source @param columns what else is known of it
   * @throws UsageError for a position that is none
   */
  constructor(
    private readonly ra: Float64Array,
    private readonly dec: Float64Array,
    readonly columns: readonly CatalogueColumn[] = [],
  ) {
    const pixels = new Float64Array(ra.length);
    for (let i = 0; i < ra.length; i++) {
      const position = this.positionOf(i);
      if (!(Math.abs(position.dec) <= 90) || !(Math.abs(position.ra) <= 360)) {
        throw new UsageError(
          `source ${i + 1} has the position ${position.ra} ${position.dec}: right ascension and declination are in degrees`,
        );
      }
      pixels[i] = healpixOf(position);
    }
    this.order = Uint32Array.from(pixels.keys()).sort((a, b) => pixels[a]! - pixels[b]!);
    this.pixels = Float64Array.from(this.order, (index) => pixels[index]!);
  }

  get size(): number {
    return this.ra.length;
  }

  column(name: string): CatalogueColumn | undefined {
    return this.columns.find((column) => column.name === name);
  }

  /** The nearest source within `radius` [arcsec]; of several at the same distance the first in the catalogue. */
  nearest(position: SkyPosition, radius: number): CatalogueMatch | undefined {
    let best: CatalogueMatch | undefined;
    this.each(position, radius, (index, separation) => {
      if (best && (separation > best.separation || (separation === best.separation && index > best.index)))
        return;
      best = { separation, index, position: this.positionOf(index) };
    });
    return best;
  }

  /** All sources within `radius` [arcsec], nearest first. */
  within(position: SkyPosition, radius: number): CatalogueMatch[] {
    const found: CatalogueMatch[] = [];
    this.each(position, radius, (index, separation) =>
      found.push({ separation, index, position: this.positionOf(index) }),
    );
    return found.sort((a, b) => a.separation - b.separation || a.index - b.index);
  }

  /** The value of a source in a column; null where it is missing. */
  value({ values }: CatalogueColumn, index: number): number | string | bigint | boolean | null {
    const value = values[index] ?? null;
    return typeof value === 'number' && Number.isNaN(value) ? null : value;
  }

  private positionOf(index: number): SkyPosition {
    return { ra: this.ra[index]!, dec: this.dec[index]! };
  }

  private each(
    position: SkyPosition,
    radius: number,
    take: (index: number, separation: number) => void,
  ): void {
    if (!(radius > 0 && radius <= WIDEST))
      throw new UsageError(`a search radius is above 0 and up to ${WIDEST} arcsec, not ${radius}`);
    if (this.size === 0) return;
    const centre: Vector = unitVector(position.ra, position.dec);
    for (const { first, last } of coneRanges(position, radius / ARCSEC)) {
      for (let i = this.from(first); i < this.pixels.length && this.pixels[i]! <= last; i++) {
        const index = this.order[i]!;
        const separation = angleBetween(centre, unitVector(this.ra[index]!, this.dec[index]!)) * ARCSEC;
        if (separation <= radius) take(index, separation);
      }
    }
  }

  /** The place of the first pixel that is not below this one. */
  private from(pixel: number): number {
    let [low, high] = [0, this.pixels.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pixels[middle]! < pixel) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
