import { MJD_ORIGIN, shiftTimes, taiOfUtc, type Burst } from '@apf/alerts';
import type { AvroSchema, Decoder, Outgoing } from '@apf/core';
import type { AlertSet } from './alert-set.js';
import type { MessageMaker } from './message-maker.js';

/** JD of 1970-01-01, as an MJD. */
const UNIX_EPOCH = 2_440_587.5 - MJD_ORIGIN;
const MS_PER_DAY = 86_400_000;

/** A part of a set, which is sent at once: an observation or a visit. */
export class SetBurst implements Burst<Outgoing<Buffer>> {
  private days = 0;

  constructor(
    private readonly set: AlertSet,
    private readonly from: number,
    readonly size: number,
    /** Counted from 1. */
    readonly number: number,
    /** A visit's. */
    readonly id: string | undefined,
    private readonly shift: NowShift | undefined,
    readonly groups?: readonly number[],
  ) {}

  /** What is shown of the first and the last alert. */
  get shown(): readonly [string, string] | undefined {
    const [first, last] = [this.set.at(this.from).shown, this.set.at(this.from + this.size - 1).shown];
    return first === undefined || last === undefined ? undefined : [first, last];
  }

  /** Sets the time (ms since 1970) to which the earliest alert is moved, where alerts are moved. */
  begin(now: number): void {
    if (!this.shift) return;
    let earliest = Infinity;
    for (let i = 0; i < this.size; i++) {
      earliest = Math.min(earliest, this.set.at(this.from + i).moment?.time ?? Infinity);
    }
    this.days = earliest === Infinity ? 0 : taiOfUtc(now / MS_PER_DAY + UNIX_EPOCH) - earliest;
  }

  async take(from: number, to: number): Promise<readonly Outgoing<Buffer>[]> {
    const { set, shift, days } = this;
    const taken = set.outgoing(this.from + from, this.from + to);
    if (!shift) return taken;
    return taken.map((outgoing, i) => shift.moved(outgoing, set.at(this.from + from + i).schema, days));
  }
}

/** Makes messages of alerts whose dates are moved: the only case in which an alert is decoded and encoded. */
export class NowShift {
  private readonly decoders = new Map<AvroSchema, Decoder>();

  constructor(
    private readonly maker: MessageMaker,
    private readonly field: string | undefined,
  ) {}

  /** @param outgoing the encoded alert */
  moved(outgoing: Outgoing<Buffer>, schema: AvroSchema, days: number): Outgoing<Buffer> {
    let decoder = this.decoders.get(schema);
    if (!decoder) this.decoders.set(schema, (decoder = schema.decoder()));
    const alert = decoder.decode(outgoing.value);
    shiftTimes(alert, days, this.field);
    return { ...outgoing, ...this.maker.message(schema.encode(alert), schema) };
  }
}
