/**
 * A bounded map that forgets the entry used longest ago.
 *
 * @module
 */

/** Map with at most `limit` entries, in order of use. */
export class LruMap<K, V> {
  readonly limit: number;
  #map = new Map<K, V>();
  #last: K | undefined;

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    const value = this.#map.get(key);
    // Moving the entry costs more than the lookup, and hot entries are asked for again and again.
    if (value === undefined || key === this.#last || this.#map.size < this.limit >> 1) return value;
    this.#map.delete(key);
    this.#map.set(key, value);
    this.#last = key;
    return value;
  }

  set(key: K, value: V): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    if (this.#map.size > this.limit) this.#map.delete(this.#map.keys().next().value as K);
  }

  delete(key: K): boolean {
    return this.#map.delete(key);
  }

  clear(): void {
    this.#map.clear();
    this.#last = undefined;
  }

  values(): IterableIterator<V> {
    return this.#map.values();
  }
}
