/**
 * The order of pairwise contractions for einsum: the algorithms of opt_einsum (Smith and Gray 2018), so that programs
 * are those of JAX.
 *
 * Sets of labels are bit masks; `sizes[b]` is the size of the label of bit b. A path in SSA form names inputs 0 to n − 1
 * and each result by the next number; a linear one gives positions in a list from which operands are taken and to whose
 * end results are put.
 *
 * @module
 */

/** A set of labels, one bit each. */
export type Labels = bigint;

/** Positions of the operands of each contraction. */
export type Path = number[][];

/** An einsum's labels: of the inputs, of the output, and their sizes. */
export interface Contraction {
  readonly inputs: readonly Labels[];
  readonly output: Labels;
  readonly sizes: readonly number[];
}

/** The elements of an array with these labels. */
export function sizeOf(labels: Labels, sizes: readonly number[]): number {
  let size = 1;
  for (let b = 0, rest = labels; rest !== 0n; b++, rest >>= 1n) if (rest & 1n) size *= sizes[b]!;
  return size;
}

/** Multiplications and additions of a contraction over these labels; `inner` when labels are summed. */
export function flopCount(
  labels: Labels,
  inner: boolean,
  terms: number,
  sizes: readonly number[],
): number {
  return sizeOf(labels, sizes) * (Math.max(1, terms - 1) + (inner ? 1 : 0));
}

/** A path of positions from one of SSA names. */
export function ssaToLinear(ssaPath: readonly (readonly number[])[]): Path {
  let next = ssaPath.reduce((n, step) => n + step.length, 0) - ssaPath.length + 1;
  const ids = Array.from({ length: next }, (_, i) => i);
  return ssaPath.map((step) => {
    const positions = step.map((id) => ids.indexOf(id)).sort((a, b) => a - b);
    for (const p of positions.toReversed()) ids.splice(p, 1);
    ids.push(next++);
    return positions;
  });
}

interface Pair {
  readonly labels: Labels;
  readonly flops: number;
}

/** What contracting inputs i and j gives when `remaining` are still there, and its cost. */
function contractPair(
  inputs: readonly Labels[],
  output: Labels,
  remaining: readonly number[],
  [i, j]: readonly [number, number],
  sizes: readonly number[],
): Pair {
  const a = inputs[i]!, b = inputs[j]!, either = a | b;
  let keep = output;
  for (const k of remaining) if (k !== i && k !== j) keep |= inputs[k]!;
  return { labels: either & keep, flops: flopCount(either, (a & b & ~keep) !== 0n, 2, sizes) };
}

/** All pairs of a list in order, the smaller first. */
function* pairs(list: readonly number[]): Generator<[number, number]> {
  for (let p = 0; p < list.length; p++) {
    for (let q = p + 1; q < list.length; q++) {
      yield list[p]! < list[q]! ? [list[p]!, list[q]!] : [list[q]!, list[p]!];
    }
  }
}

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The path of fewest operations, by depth-first search over all of them. */
export function optimal({ inputs, output, sizes }: Contraction): Path {
  let bestFlops = Infinity, bestPath: readonly (readonly number[])[] = [indices(inputs.length)];
  const known = new Map<string, Pair>();
  const visit = (
    path: readonly (readonly number[])[],
    remaining: readonly number[],
    terms: readonly Labels[],
    flops: number,
  ): void => {
    if (remaining.length === 1) {
      bestFlops = flops;
      bestPath = path;
      return;
    }
    for (const [i, j] of pairs(remaining)) {
      const key = `${terms[i]},${terms[j]}`;
      let pair = known.get(key);
      if (!pair) known.set(key, pair = contractPair(terms, output, remaining, [i, j], sizes));
      const total = flops + pair.flops;
      if (total >= bestFlops) continue;
      const rest = [...remaining.filter((k) => k !== i && k !== j), terms.length];
      visit([...path, [i, j]], rest, [...terms, pair.labels], total);
    }
  };
  visit([], indices(inputs.length), inputs, 0);
  return ssaToLinear(bestPath);
}

interface Candidate {
  readonly cost: number;
  readonly pair: readonly [number, number];
  readonly result: Pair;
  readonly flops: number;
  readonly size: number;
}

/** Which of two candidates is tried first: less memory, then fewer operations, then earlier operands. */
function compareCandidates(a: Candidate, b: Candidate): number {
  return a.cost - b.cost || a.result.flops - b.result.flops || a.flops - b.flops || a.size - b.size ||
    a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1];
}

/**
 * Depth-first search that takes the candidates of least memory first and gives up branches that cost more than the best
 * path, or more than four times the best so far at their depth.
 *
 * @param branches how many candidates are followed at each step
 */
export function branch({ inputs, output, sizes }: Contraction, branches: number): Path {
  let best: { flops: number; size: number; path: readonly (readonly number[])[] } = {
    flops: Infinity,
    size: Infinity,
    path: [],
  };
  const progress = new Map<number, number>(), known = new Map<string, Pair>();
  const visit = (
    path: readonly (readonly number[])[],
    terms: readonly Labels[],
    remaining: readonly number[],
    flops: number,
    size: number,
  ): void => {
    if (remaining.length === 1) {
      best = { flops, size, path };
      return;
    }
    const assess = ([i, j]: readonly [number, number]): Candidate[] => {
      const a = terms[i]!, b = terms[j]!, key = `${a},${b}`;
      let result = known.get(key);
      if (!result) known.set(key, result = contractPair(terms, output, remaining, [i, j], sizes));
      const resultSize = sizeOf(result.labels, sizes);
      const newFlops = flops + result.flops, newSize = Math.max(size, resultSize);
      if (newFlops > best.flops || newFlops === best.flops && newSize >= best.size) return [];
      const reached = progress.get(terms.length) ?? Infinity;
      if (newFlops < reached) progress.set(terms.length, newFlops);
      else if (newFlops > 4 * reached) return [];
      const cost = resultSize - sizeOf(a, sizes) - sizeOf(b, sizes);
      return [{ cost, pair: [i, j], result, flops: newFlops, size: newSize }];
    };
    const all = [...pairs(remaining)];
    let candidates = all.filter(([i, j]) => (terms[i]! & terms[j]!) !== 0n).flatMap(assess);
    if (candidates.length === 0) candidates = all.flatMap(assess);
    candidates.sort(compareCandidates);
    for (const { pair: [i, j], result, flops: f, size: s } of candidates.slice(0, branches)) {
      const rest = [...remaining.filter((k) => k !== i && k !== j), terms.length];
      visit([...path, [i, j]], [...terms, result.labels], rest, f, s);
    }
  };
  visit([], inputs, indices(inputs.length), 0, 0);
  return ssaToLinear(best.path);
}

interface GreedyCandidate {
  readonly cost: readonly [number, number, number];
  readonly a: Labels;
  readonly b: Labels;
  readonly result: Labels;
}

function lexicographic(x: readonly number[], y: readonly number[]): number {
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return 0;
}

/** A list whose least item is taken first. */
class Queue<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  push(item: T): void {
    let low = 0, high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#items[middle]!, item) > 0) low = middle + 1;
      else high = middle;
    }
    this.#items.splice(low, 0, item);
  }

  pop(): T | undefined {
    return this.#items.pop();
  }
}

const bits = (labels: Labels): number[] => {
  const list: number[] = [];
  for (let b = 0, rest = labels; rest !== 0n; b++, rest >>= 1n) if (rest & 1n) list.push(b);
  return list;
};

/**
 * Contracts at each step the pair that shares labels and frees most memory; then what is left by size, the outer
 * products.
 */
export function greedy({ inputs, output: wanted, sizes }: Contraction): Path {
  if (inputs.length === 1) return [[0]];
  const output = wanted | inputs.reduce((a, b) => a & b);
  const path: number[][] = [], remaining = new Map<Labels, number>();
  let next = inputs.length;
  inputs.forEach((labels, id) => {
    const same = remaining.get(labels);
    if (same === undefined) remaining.set(labels, id);
    else {
      path.push([same, id]);
      remaining.set(labels, next++);
    }
  });

  const holders = new Map<number, Set<Labels>>();
  const held = (b: number): Set<Labels> => {
    let set = holders.get(b);
    if (!set) holders.set(b, set = new Set());
    return set;
  };
  for (const labels of remaining.keys()) for (const b of bits(labels & ~output)) held(b).add(labels);
  let twice = 0n, thrice = 0n;
  const recount = (labels: Labels): void => {
    for (const b of bits(labels)) {
      const bit = 1n << BigInt(b), count = holders.get(b)?.size ?? 0;
      twice = count >= 2 ? twice | bit : twice & ~bit;
      thrice = count >= 3 ? thrice | bit : thrice & ~bit;
    }
  };
  for (const b of holders.keys()) recount(1n << BigInt(b));

  const queue = new Queue<GreedyCandidate>((x, y) => lexicographic(x.cost, y.cost));
  const offer = (a: Labels, others: Iterable<Labels>): void => {
    let best: GreedyCandidate | null = null;
    for (const b of others) {
      const either = a | b, two = a & b, one = either & ~two;
      const result = (either & output) | (two & thrice) | (one & twice);
      const cost = sizeOf(result, sizes) - sizeOf(a, sizes) - sizeOf(b, sizes);
      const first = remaining.get(a)!, second = remaining.get(b)!;
      const candidate: GreedyCandidate = first > second
        ? { cost: [cost, first, second], a: b, b: a, result }
        : { cost: [cost, second, first], a, b, result };
      if (best === null || lexicographic(candidate.cost, best.cost) < 0) best = candidate;
    }
    if (best) queue.push(best);
  };
  for (const set of holders.values()) {
    const keys = [...set].sort((a, b) => remaining.get(a)! - remaining.get(b)!);
    keys.slice(0, -1).forEach((a, i) => offer(a, keys.slice(i + 1)));
  }

  for (let top = queue.pop(); top !== undefined; top = queue.pop()) {
    const { a, b, result } = top, first = remaining.get(a), second = remaining.get(b);
    if (first === undefined || second === undefined) continue;
    remaining.delete(a);
    remaining.delete(b);
    for (const bit of bits(a & ~output)) held(bit).delete(a);
    for (const bit of bits(b & ~output)) held(bit).delete(b);
    path.push([first, second]);
    const same = remaining.get(result);
    if (same === undefined) { for (const bit of bits(result & ~output)) held(bit).add(result); }
    else path.push([same, next++]);
    remaining.set(result, next++);
    recount(a | (b & ~output));
    const others = new Set(bits(result).flatMap((bit) => [...holders.get(bit) ?? []]));
    others.delete(result);
    if (others.size > 0) offer(result, others);
  }

  const outer = new Queue<readonly [size: number, id: number, labels: Labels]>((x, y) =>
    x[0] - y[0] || x[1] - y[1]
  );
  for (const [labels, id] of remaining) outer.push([sizeOf(labels & output, sizes), id, labels]);
  let [, id, labels] = outer.pop()!;
  for (let top = outer.pop(); top !== undefined; top = outer.pop()) {
    path.push([Math.min(id, top[1]), Math.max(id, top[1])]);
    const result = (labels | top[2]) & output;
    outer.push([sizeOf(result, sizes), next++, result]);
    [, id, labels] = outer.pop()!;
  }
  return ssaToLinear(path);
}
