/**
 * A few entries found by asking each, the one that was used last first. When it is full, the one that was not used for
 * longest goes.
 */
export class RecentlyUsed<Entry> {
  private readonly entries: Entry[] = [];

  constructor(private readonly limit: number) {}

  find(matches: (entry: Entry) => boolean): Entry | undefined {
    const { entries } = this;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (!matches(entry)) continue;
      if (i > 0) {
        entries.splice(i, 1);
        entries.unshift(entry);
      }
      return entry;
    }
    return undefined;
  }

  remove(matches: (entry: Entry) => boolean): void {
    const index = this.entries.findIndex(matches);
    if (index >= 0) this.entries.splice(index, 1);
  }

  add(entry: Entry): void {
    this.entries.unshift(entry);
    if (this.entries.length > this.limit) this.entries.pop();
  }
}
