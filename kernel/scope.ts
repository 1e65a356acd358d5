/**
 * Expressions of one kernel: reads arrays from their buffers and inlines the computations of virtual ones.
 *
 * @module
 */
import type { ShapedArray } from "../core/avals.ts";
import type { Params } from "../core/primitive.ts";
import { delinearize, linearize } from "./access.ts";
import { KernelBuilder, readElement } from "./builder.ts";
import { binary, index } from "./expr.ts";
import { type Expr, loadedType, Param, storageBytes, type StorageType } from "./ir.ts";
import { bytesOf, layoutOf } from "./layout.ts";
import { type Access, type ComputeContext, Pair, type Val } from "./lowering.ts";
import type { Node, Place, Tensor } from "./tensors.ts";

/** Parameters and expressions of a kernel that is being written, or of a trial that only looks at its expressions. */
export class KernelScope {
  readonly params: Param[] = [];
  readonly places: Place[] = [];
  readonly builder: KernelBuilder;
  /** Virtual arrays that several stores read at the kernel's own index: computed once, before all of them. */
  readonly #shared: ReadonlySet<Tensor>;
  readonly #trial: boolean;
  readonly #paramOf = new Map<string, Param>();
  readonly #values = new Map<Node, Map<string, readonly Val[]>>();

  constructor(options: { readonly shared?: ReadonlySet<Tensor>; readonly trial?: boolean } = {}) {
    this.#shared = options.shared ?? new Set();
    this.#trial = options.trial ?? false;
    this.builder = new KernelBuilder(this.params);
  }

  /** The parameter for an array's place. One place is one parameter. */
  param(place: Place, aval: ShapedArray): Param {
    const { storage } = layoutOf(aval.dtype);
    return this.rawParam(place, storage, bytesOf(aval) / storageBytes[storage]);
  }

  /** As {@linkcode KernelScope.param}, for scalars of a storage type. */
  rawParam(place: Place, storage: StorageType, size: number): Param {
    let key = `${place.block.id}:${place.offset}:${storage}${size}`;
    for (const { counter, stride } of place.loops) key += `:${counter}*${stride}`;
    let param = this.#paramOf.get(key);
    if (param === undefined) {
      this.#paramOf.set(key, param = new Param(storage, size, `p${this.params.length}`));
      this.params.push(param);
      this.places.push(place);
    }
    return param;
  }

  access(tensor: Tensor): Access {
    return {
      aval: tensor.aval,
      at: (at) => this.#at(tensor, at),
      flat: (offset) => this.#flat(tensor, offset),
    };
  }

  /** What a lowering sees of an equation with these inputs. */
  context(
    params: Params,
    inputs: readonly Tensor[],
    outAvals: readonly ShapedArray[],
  ): ComputeContext<Params> {
    return {
      params,
      inputs: inputs.map((t) => this.access(t)),
      inAvals: inputs.map((t) => t.aval),
      outAvals,
    };
  }

  #at(tensor: Tensor, at: readonly Expr[]): Val {
    if (tensor.literal !== null) return tensor.literal;
    const { shape } = tensor.aval;
    if (tensor.place !== null) return this.#read(tensor, tensor.place, linearize(at, shape));
    // Size-1 axes are read at 0, so that a broadcast operand is computed from its own index.
    return this.#compute(tensor, shape.map((n, k) => n === 1 ? index(0) : at[k]!), null);
  }

  #flat(tensor: Tensor, offset: Expr): Val {
    if (tensor.literal !== null) return tensor.literal;
    if (tensor.place !== null) return this.#read(tensor, tensor.place, offset);
    return this.#compute(tensor, null, offset);
  }

  #read(tensor: Tensor, place: Place, offset: Expr): Val {
    const { components } = layoutOf(tensor.aval.dtype);
    return readElement(this.param(place, tensor.aval), components, offset);
  }

  #compute(tensor: Tensor, multi: readonly Expr[] | null, flat: Expr | null): Val {
    const node = tensor.node!, { lowering } = node;
    if (lowering.computeFlat !== undefined) flat ??= linearize(multi!, node.shape);
    else multi ??= delinearize(node.shape, flat!);
    const key = lowering.computeFlat ? String(flat!.id) : multi!.map((e) => e.id).join();
    let values = this.#values.get(node);
    if (values === undefined) this.#values.set(node, values = new Map());
    let made = values.get(key);
    if (made === undefined) {
      const context = this.context(node.params, node.inputs, node.outAvals);
      made = lowering.computeFlat ? lowering.computeFlat(context, flat!) : lowering.compute(context, multi!);
      if (!this.#trial) made = made.map((val, i) => this.#fix(node.outputs[i]!, val));
      values.set(key, made);
    }
    const val = made[tensor.output]!;
    checkType(node, tensor, val);
    return val;
  }

  #fix(tensor: Tensor, val: Val): Val {
    if (!this.#shared.has(tensor)) return val;
    const { builder } = this;
    return val instanceof Pair ? new Pair(builder.let(val.re), builder.let(val.im)) : builder.let(val);
  }
}

function checkType(node: Node, tensor: Tensor, val: Val): void {
  const { storage, components } = layoutOf(tensor.aval.dtype);
  const wanted = loadedType[storage];
  const fits = val instanceof Pair
    ? components === 2 && val.re.type === wanted && val.im.type === wanted
    : components !== 2 && val.type === wanted;
  if (!fits) {
    const got = val instanceof Pair ? `a pair of ${val.re.type} and ${val.im.type}` : val.type;
    throw new TypeError(
      `lowering of ${node.name} gave ${got} for ${tensor.aval}, wanted ${
        components === 2 ? "a pair of " : ""
      }${wanted}`,
    );
  }
}

/** Scalars that make up a value. */
export function componentsOf(val: Val): Expr[] {
  return val instanceof Pair ? [val.re, val.im] : [val];
}

/** Statements that store an element of an array; its components must be fixed when they read what is stored. */
export function storeElement(k: KernelBuilder, param: Param, components: number, at: Expr, val: Val): void {
  if (components === 0) return;
  if (!(val instanceof Pair)) return k.store(param, at, val);
  const twice = binary("mul", at, index(2));
  k.store(param, twice, val.re);
  k.store(param, binary("add", twice, index(1)), val.im);
}
