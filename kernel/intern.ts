/**
 * Hash-consing of scalar expressions: equal nodes of one lowering are one object.
 *
 * @module
 */
import { type Attr, Expr, type Op, Param, type ScalarType, Variable } from "./ir.ts";

let serial = 0;
const initialSlots = 16384;
/** Open addressing; at most half full. */
let slots: (Expr | undefined)[] = new Array(initialSlots).fill(undefined);
let count = 0;

/** Forgets the nodes made so far, so that they can be collected; call at the start of a lowering. */
export function resetExpressions(): void {
  if (count === 0) return;
  if (slots.length > initialSlots) slots = new Array(initialSlots).fill(undefined);
  else slots.fill(undefined);
  count = 0;
}

const words = new Int32Array(2), float = new Float64Array(words.buffer);

const textHashes = new Map<string, number>();
function hashText(text: string): number {
  let hash = textHashes.get(text);
  if (hash === undefined) {
    hash = 0;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash, 31) + text.charCodeAt(i) | 0;
    textHashes.set(text, hash);
  }
  return hash;
}

const paramIds = new WeakMap<Param, number>();
function paramId(param: Param): number {
  let id = paramIds.get(param);
  if (id === undefined) paramIds.set(param, id = serial++);
  return id;
}

function hashAttr(attr: Attr): number {
  switch (typeof attr) {
    case "number":
      float[0] = attr;
      return words[0]! ^ Math.imul(words[1]!, 0x85ebca6b);
    case "bigint":
      return Number(BigInt.asIntN(32, attr ^ (attr >> 32n)));
    case "string":
      return hashText(attr);
    case "boolean":
      return attr ? 1 : 2;
    default:
      return attr instanceof Variable ? attr.id : attr instanceof Param ? paramId(attr) : 3;
  }
}

function slotOf(op: Op, type: ScalarType, args: readonly Expr[], attr: Attr): number {
  let hash = hashText(op) ^ Math.imul(hashText(type), 0x9e3779b1) ^ Math.imul(hashAttr(attr), 0xc2b2ae35);
  for (let i = 0; i < args.length; i++) hash = Math.imul(hash ^ args[i]!.id, 0x9e3779b1) ^ (hash >>> 15);
  hash ^= hash >>> 16;
  return hash & (slots.length - 1);
}

function isNode(e: Expr, op: Op, type: ScalarType, args: readonly Expr[], attr: Attr): boolean {
  if (e.op !== op || e.type !== type || e.args.length !== args.length || !Object.is(e.attr, attr)) {
    return false;
  }
  for (let i = 0; i < args.length; i++) if (e.args[i] !== args[i]) return false;
  return true;
}

/** The node with these contents. */
export function intern(op: Op, type: ScalarType, args: readonly Expr[], attr: Attr): Expr {
  let slot = slotOf(op, type, args, attr);
  for (let e = slots[slot]; e !== undefined; e = slots[slot]) {
    if (isNode(e, op, type, args, attr)) return e;
    slot = slot + 1 & slots.length - 1;
  }
  const made = new Expr(op, type, args, attr, serial++);
  slots[slot] = made;
  if (2 * ++count > slots.length) grow();
  return made;
}

function grow(): void {
  const old = slots;
  slots = new Array(2 * old.length).fill(undefined);
  for (const e of old) {
    if (e === undefined) continue;
    let slot = slotOf(e.op, e.type, e.args, e.attr);
    while (slots[slot] !== undefined) slot = slot + 1 & slots.length - 1;
    slots[slot] = e;
  }
}
