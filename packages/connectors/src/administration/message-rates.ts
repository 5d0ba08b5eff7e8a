/** Over how long a rate is taken, in ms: the least that is not mere noise where messages come in bursts. */
const WINDOW = 10_000;

/** How fast offsets advance. */
export class MessageRates {
  private readonly seen: { readonly at: number; readonly offsets: ReadonlyMap<string, number> }[] = [];

  /** @param at in ms @param offsets by whatever names them */
  add(at: number, offsets: ReadonlyMap<string, number>): void {
    this.seen.push({ at, offsets });
    while (this.seen.length > 2 && this.seen[1]!.at <= at - WINDOW) this.seen.shift();
  }

  /** Offsets per second since the first look within ten seconds; null before the second look. */
  of(name: string): number | null {
    const last = this.seen.at(-1);
    const first = this.seen.find(({ offsets }) => offsets.has(name));
    const [from, to] = [first?.offsets.get(name), last?.offsets.get(name)];
    if (!first || !last || from === undefined || to === undefined || last.at <= first.at) return null;
    return (Math.max(0, to - from) * 1_000) / (last.at - first.at);
  }
}
