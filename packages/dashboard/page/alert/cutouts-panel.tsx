import { type Limits, type Stretch, STRETCHES } from '@apf/alerts/browser';
import type { JSX } from 'preact';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { CutoutView } from '../../src/page-api.js';
import { numberText } from '../text/numbers.js';
import { visibleText } from '../text/visible-text.js';
import { CutoutMarks } from './cutout-marks.js';
import { greyPixels, pixelsOf, type Sharing, sharedLimits, SHARINGS } from './pixels.js';

/** The images of an alert side by side, north up and east left as nearly as quarter turns allow. */
export function CutoutsPanel({ cutouts }: { cutouts: readonly CutoutView[] }): JSX.Element {
  const [stretch, setStretch] = useState<Stretch>('asinh');
  const [sharing, setSharing] = useState<Sharing>('each');
  const images = useMemo(
    () => cutouts.map((cutout) => ({ name: cutout.name, pixels: pixelsOf(cutout) })),
    [cutouts],
  );
  const limits = useMemo(() => sharedLimits(images, stretch, sharing), [images, stretch, sharing]);
  const ids = { stretch: useId(), sharing: useId() };
  return (
    <section class="panel cutouts" aria-label="Cutouts">
      <div class="controls">
        <h2>Cutouts</h2>
        <div class="field">
          <label for={ids.stretch}>Stretch</label>
          <select
            id={ids.stretch}
            value={stretch}
            onChange={(event) => setStretch(event.currentTarget.value as Stretch)}
          >
            {STRETCHES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={ids.sharing}>Same limits for</label>
          <select
            id={ids.sharing}
            value={sharing}
            onChange={(event) => setSharing(event.currentTarget.value as Sharing)}
          >
            {SHARINGS.map((name) => (
              <option key={name} value={name}>
                {name === 'each' ? 'none' : name}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div class="images">
        {cutouts.map((cutout, i) => (
          <Cutout
            key={cutout.name}
            cutout={cutout}
            pixels={images[i]!.pixels}
            stretch={stretch}
            limits={limits[i] ?? [0, 0]}
          />
        ))}
      </div>
    </section>
  );
}

interface Props {
  readonly cutout: CutoutView;
  readonly pixels: Float32Array;
  readonly stretch: Stretch;
  readonly limits: Limits;
}

function Cutout({ cutout, pixels, stretch, limits }: Props): JSX.Element {
  const { name, width, height, compass, error } = cutout;
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = pixels.length > 0;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !drawn) return;
    context.putImageData(new ImageData(greyPixels(pixels, stretch, limits), width, height), 0, 0);
  }, [pixels, stretch, limits, width, height, drawn]);
  const side = Math.max(width, height);
  const [black, white] = limits.map((limit) => numberText(Number(limit.toPrecision(4))));
  const directions = compass ? 'north near the top, east near the left' : 'directions not known';
  return (
    <figure>
      <figcaption>{name}</figcaption>
      {drawn ? (
        <div class="image">
          <canvas
            ref={canvas}
            role="img"
            aria-label={`${name} image, ${width} × ${height} pixels, ${directions}, from ${black} (black) to ${white} (white)`}
            width={width}
            height={height}
            style={{ width: `${(100 * width) / side}%`, height: `${(100 * height) / side}%` }}
          />
          <CutoutMarks cutout={cutout} />
        </div>
      ) : (
        <div class="image broken">
          <p>{visibleText(error ?? 'it has no pixels')}</p>
        </div>
      )}
      {drawn && (
        <p class="limits">
          {black} … {white}
        </p>
      )}
    </figure>
  );
}
