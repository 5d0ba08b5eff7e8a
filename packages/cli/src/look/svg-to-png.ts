import { createRequire } from 'node:module';
import { FatalError } from '@apf/core';
import type * as Renderer from '@resvg/resvg-js';

/** Pixels of the PNG for one of the SVG, for screens that have two. */
const ZOOM = 2;
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/**
 * A picture as PNG. The renderer and its fonts are large, so they are installed only by who wants them.
 * @throws FatalError that says what to install
 */
export async function svgToPng(svg: string): Promise<Buffer> {
  let renderer: typeof Renderer;
  try {
    renderer = await import('@resvg/resvg-js');
  } catch (cause) {
    throw new FatalError(
      'PNG needs a renderer that is not installed: npm install @resvg/resvg-js@2.6.2 dejavu-fonts-ttf@2.37.3, or write .svg or .html',
      { code: 'APF_FILE', cause },
    );
  }
  const fontFiles = installedFonts();
  const picture = new renderer.Resvg(svg, {
    font: { fontFiles, loadSystemFonts: fontFiles.length === 0, defaultFontFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: ZOOM },
  });
  return Buffer.from(picture.render().asPng());
}

/** The fonts of the package dejavu-fonts-ttf; without it those of the machine are used. */
function installedFonts(): string[] {
  const { resolve } = createRequire(import.meta.url);
  try {
    return FONTS.map((name) => resolve(`dejavu-fonts-ttf/ttf/${name}`));
  } catch {
    return [];
  }
}
