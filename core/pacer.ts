/**
 * When to sweep: often enough to bound memory, rarely enough to take little of the time.
 *
 * @module
 */

/** The share of the time that sweeps may take, and the one below which they may come more often. */
const MOST_TIME = 0.04;
const LITTLE_TIME = 0.015;
/** What was measured counts less by this factor with every sweep since. */
const DECAY = 0.8;
/** A young sweep that frees less than the first share of what was added came too early; above the second it is fine. */
const POOR_YIELD = 0.6;
const GOOD_YIELD = 0.8;
const MIB = 2 ** 20;
const LEAST_BYTES = 32 * MIB;
const LEAST_REFERENCES = 2048;
const MOST_REFERENCES = 65536;
/**
 * Live bytes grow by this much for each millisecond of a full sweep before one is worth it. The first touch of a MiB of
 * memory costs a millisecond, so a much larger growth would cost more than the sweep.
 */
const GROWTH_PER_COST = 16 * MIB;
/** Above this cost (in milliseconds) of a sweep, memory is traded for time without further limit but the budget. */
const EXPENSIVE = 20;

/** A sweep that has happened: a young one, a full one, or a full one after a young one. Times are in milliseconds. */
export interface SweepRecord {
  readonly young: boolean;
  readonly full: boolean;
  /** When it began, when its young part was over (whether that worked or not), and when it ended. */
  readonly start: number;
  readonly middle: number;
  readonly end: number;
  /** Bytes that were added since the sweep before, that this one freed, and that are left. */
  readonly added: number;
  readonly freed: number;
  readonly live: number;
}

/** Bytes that there may be; asked for at the first sweep, not before. */
export interface Budget {
  readonly limit: number;
}

/** Adapts two watermarks, bytes and references made since the last sweep, to what sweeps cost and yield. */
export class Pacer {
  /** Sweep once this many more bytes are in use than after the last sweep. */
  bytes: number = 2 * LEAST_BYTES;
  /** Sweep once this many references were made since the last sweep. */
  references: number = 2 * LEAST_REFERENCES;
  readonly #budget: Budget;
  #lastSweep: number;
  #lastFull: number;
  /** Of the last full sweep; a guess before the first. */
  #fullCost = 2;
  #liveAfterFull = 0;
  /** Decaying sums: time in sweeps, and all time. */
  #sweepTime = 0;
  #time = 0;

  constructor(budget: Budget, now: number) {
    this.#budget = budget;
    this.#lastSweep = now;
    this.#lastFull = now;
  }

  /** The most that `bytes` is set to as long as sweeps are cheap. */
  get #mostBytes(): number {
    return Math.floor(this.#budget.limit / 10);
  }

  /** Whether a full sweep costs so little for the time since the last sweep that there is no need for a young one. */
  affordsFull(now: number): boolean {
    return this.#fullCost < MOST_TIME * (now - this.#lastSweep);
  }

  /**
   * Whether a young sweep that left `live` bytes should be followed by a full one: memory has grown well beyond what
   * the last full sweep left, and full sweeps stay cheap or memory is short.
   */
  wantsFull(live: number, now: number): boolean {
    const growth = Math.min(Math.max(GROWTH_PER_COST * this.#fullCost, 2 * LEAST_BYTES), this.#mostBytes);
    if (live < this.#liveAfterFull + Math.max(growth, this.#liveAfterFull / 2)) return false;
    return this.#fullCost < MOST_TIME * (now - this.#lastFull) || live > 0.75 * this.#budget.limit;
  }

  /** Takes note of a sweep. */
  record({ young, full, start, middle, end, added, freed, live }: SweepRecord): void {
    // Full sweeps after young ones are paced by wantsFull alone.
    const cost = (young ? middle : end) - start;
    this.#sweepTime = DECAY * this.#sweepTime + cost;
    this.#time = DECAY * this.#time + Math.max(end - this.#lastSweep, 1e-3);
    const share = this.#sweepTime / this.#time;
    const byTime = share > MOST_TIME ? 1.5 : share < LITTLE_TIME ? 0.8 : 1;
    const yielded = full ? 1 : freed / Math.max(added, 1);
    const byYield = yielded < POOR_YIELD ? 1.5 : yielded < GOOD_YIELD ? 1 : 0;
    const most = cost > EXPENSIVE
      ? Math.max((this.#budget.limit - live) / 2, this.#mostBytes)
      : this.#mostBytes;
    const least = Math.min(LEAST_BYTES, this.#mostBytes);
    this.bytes = Math.min(Math.max(this.bytes * Math.max(byTime, byYield), least), most);
    this.references = Math.min(Math.max(this.references * byTime, LEAST_REFERENCES), MOST_REFERENCES);
    this.#lastSweep = end;
    if (!full) return;
    this.#lastFull = end;
    this.#fullCost = end - middle;
    this.#liveAfterFull = live;
  }
}
