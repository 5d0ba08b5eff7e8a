import type { ObservationPlan, SyntheticSky } from '@apf/alerts';
import { type AvroSchema, FatalError, loadSchema, printable } from '@apf/core';
import { alertFiles } from './alert-files.js';
import type { AlertSet } from './alert-set.js';
import type { BadFiles } from './bad-files.js';
import { observations, SkyFiller, skyOf, visitsOfFiles, visitsOfSky } from './bursts.js';
import { MessageMaker } from './message-maker.js';
import { AlertReader } from './read-alerts.js';
import { NowShift, type SetBurst } from './set-burst.js';
import type { SimulationSettings } from './settings.js';
import { ShownField } from './shown-field.js';

/** The alerts of a simulation, from wherever they come. */
export class Supply {
  private constructor(
    private readonly settings: SimulationSettings,
    readonly set: AlertSet,
    readonly bad: BadFiles,
    /** What is said of the origin, in the lines that name it. */
    readonly name: string,
    private readonly files: readonly string[],
    private readonly reader: AlertReader,
    private readonly sky: { readonly sky: SyntheticSky<object>; readonly filler: SkyFiller } | undefined,
    private readonly shift: NowShift | undefined,
  ) {}

  /**
   * @param onSchema told once of each schema that alerts go by the id of
   * @throws UsageError for a path that is missing or holds no alert file
   */
  static async of(
    settings: SimulationSettings,
    set: AlertSet,
    bad: BadFiles,
    onSchema?: (id: number, schema: AvroSchema) => void,
  ): Promise<Supply> {
    const { origin, display, now, nowField, framing, schemaId, externalSchema, timeField } = settings;
    const grouped = settings.window !== undefined;
    const maker = new MessageMaker(framing, schemaId, onSchema);
    const shift = now ? new NowShift(maker, nowField) : undefined;
    const shown = display === undefined ? undefined : new ShownField(display);
    const reader = new AlertReader({
      externalSchema: externalSchema === undefined ? undefined : loadSchema(externalSchema),
      shown,
      timeField,
      ordered: !settings.visits && settings.order === 'time',
      grouped,
      maker: shift ? undefined : maker,
      bad,
    });
    if ('paths' in origin) {
      const files = await alertFiles(origin.paths);
      return new Supply(settings, set, bad, origin.paths.join(', '), files, reader, undefined, shift);
    }
    const sky = skyOf(origin, new Date());
    const filler = new SkyFiller(sky, shift ? undefined : maker, shown, grouped);
    const name = `synthetic sky, ${origin.survey} ${sky.version}`;
    return new Supply(settings, set, bad, name, [], reader, { sky, filler }, shift);
  }

  /** All alerts, in the order in which they are sent. @throws FatalError where there is none */
  async gather(signal: AbortSignal): Promise<void> {
    const { set, files, reader, sky, settings } = this;
    for (const file of files) {
      const before = set.length;
      // A damaged archive gives none of its alerts, as when it is unpacked.
      for await (const container of reader.containers(file, () => set.cut(before))) {
        await reader.read(container, set);
        if (signal.aborted) return;
      }
    }
    await sky?.filler.from(sky.sky.alerts(), set);
    if (set.length === 0) throw this.nothing();
    if (settings.order === 'time') set.sort();
  }

  nothing(): FatalError {
    const { count, first } = this.bad;
    const files = `${count} bad ${count === 1 ? 'file' : 'files'}`;
    const why = first === undefined ? '' : `: ${files}, the first: ${first}`;
    return new FatalError(`there is no alert to send in ${printable(this.name, 300)}${why}`, {
      code: 'APF_FILE',
    });
  }

  observations(plan: ObservationPlan): Iterable<SetBurst> {
    return observations(this.set, plan, this.settings.loop, this.shift);
  }

  visits(): AsyncIterable<SetBurst> {
    const { files, reader, set, shift, sky } = this;
    const { perBurst: limit, loop, window } = this.settings;
    const options = { limit, loop, shift, grouped: window !== undefined };
    return sky ? visitsOfSky(sky.sky, sky.filler, set, options) : visitsOfFiles(files, reader, set, options);
  }
}
