import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { PoisonError } from '@apf/core';
import { readFits, writeFits } from '../src/fits.js';

const image = fc
  .record({ width: fc.integer({ min: 0, max: 70 }), height: fc.integer({ min: 0, max: 70 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      pixels: fc.float32Array({ minLength: width * height, maxLength: width * height }),
    }),
  );

const small = { width: 3, height: 2, pixels: new Float32Array([1, 2, 3, 4, 5, 6]) };

/** The small image with another header: `cards` replace those of the same keyword, or are added. */
function withCards(...cards: string[]): Buffer {
  const bytes = writeFits(small);
  const kept = (bytes.toString('latin1', 0, 2880).match(/.{80}/g) ?? [])
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && line !== 'END')
    .filter((line) => !cards.some((card) => card.slice(0, 8) === line.slice(0, 8)));
  const header = [...kept, ...cards, 'END'].map((line) => line.padEnd(80)).join('');
  return Buffer.concat([Buffer.from(header.padEnd(2880), 'latin1'), bytes.subarray(2880)]);
}

describe('FITS images', () => {
  it('reads every image as it was written, plain or gzip', () => {
    fc.assert(
      fc.property(image, fc.boolean(), (written, packed) => {
        const bytes = writeFits(written);
        expect(bytes.length % 2880).toBe(0);
        const read = readFits(packed ? gzipSync(bytes) : bytes);
        expect([read.width, read.height]).toEqual([written.width, written.height]);
        expect(read.pixels).toEqual(written.pixels);
      }),
      { numRuns: 50 },
    );
  });

  it('writes the header as the standard wants it: fixed format, 80-character lines, the first row first', () => {
    const bytes = writeFits(small, 'nJy');
    const lines = bytes.toString('latin1', 0, 2880).match(/.{80}/g)!;
    expect(lines.slice(0, 7).map((line) => line.trimEnd())).toEqual([
      'SIMPLE  =                    T',
      'BITPIX  =                  -32',
      'NAXIS   =                    2',
      'NAXIS1  =                    3',
      'NAXIS2  =                    2',
      "BUNIT   = 'nJy     '",
      'END',
    ]);
    expect(bytes.readFloatBE(2880 + 4 * 3)).toBe(4);
  });

  it('refuses to write pixels that do not fill the image', () => {
    expect(() => writeFits({ ...small, width: 4 })).toThrow('6 pixels, 4 x 2 are 8');
  });

  it("reads ZTF's header, whose SIMPLE stands in the wrong column", () => {
    expect(readFits(withCards('SIMPLE  =  T')).pixels).toEqual(small.pixels);
  });

  it('applies BSCALE and BZERO, and ignores comments', () => {
    const read = readFits(withCards('BSCALE  = 2.0D0 / half counts', 'BZERO   = 10'));
    expect([...read.pixels]).toEqual([12, 14, 16, 18, 20, 22]);
  });

  it.each([
    ['an empty file', () => Buffer.alloc(0), 'no END'],
    ['text', () => Buffer.from('x'.repeat(3000)), 'no END'],
    ['another SIMPLE', () => withCards('SIMPLE  = F'), 'SIMPLE'],
    ['integers', () => withCards('BITPIX  = 16'), 'BITPIX is 16'],
    ['a cube', () => withCards('NAXIS   = 3'), 'NAXIS is 3'],
    ['a negative width', () => withCards('NAXIS1  = -3'), 'NAXIS1 is -3'],
    ['a huge image', () => withCards('NAXIS1  = 900000000'), 'the file has 5760'],
    ['a scale that is no number', () => withCards('BSCALE  = two'), 'BSCALE is two'],
    ['a truncated file', () => writeFits(small).subarray(0, 2890), 'the file has 2890'],
    ['damaged gzip', () => gzipSync(writeFits(small)).subarray(0, 40), 'gzip'],
    ['a gzip bomb', () => gzipSync(Buffer.alloc(100_000_000)), 'gzip'],
  ])('names what is wrong with %s', (_, bytes, message) => {
    expect(() => readFits(bytes())).toThrow(PoisonError);
    expect(() => readFits(bytes())).toThrow(message);
  });

  it('gives an image or a PoisonError for any bytes', () => {
    const mutated = fc.tuple(fc.nat(5759), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
      const bytes = writeFits(small);
      bytes[at] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(
        fc.oneof(
          mutated,
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          try {
            readFits(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(PoisonError);
          }
        },
      ),
    );
  });
});
