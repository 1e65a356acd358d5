/**
 * Functions on pytrees, by the names of `jax.tree_util`: flattening, mapping, reducing, key paths, and the
 * registration of classes as nodes. `jax.tree` has the functions on trees by shorter names.
 *
 * A pytree is a leaf, or an array, plain object, Map or instance of a registered class that holds pytrees. `null` is
 * a tree without leaves.
 *
 * @module
 */
export {
  DictKey,
  FlattenedIndexKey,
  GetAttrKey,
  type IsLeaf,
  type IsLeafWithPath,
  type KeyEntry,
  type KeyPath,
  keystr,
  type KeystrOptions,
  type Leaf,
  map as treeMap,
  type MapOptions,
  PyTreeDef,
  SequenceKey,
  type WithLeaves,
} from "../core/pytree.ts";
export {
  type AssociativeOptions,
  type ReduceOptions,
  treeAll,
  treeBroadcast,
  treeMapWithPath,
  treeReduce,
  treeReduceAssociative,
  treeTranspose,
} from "./_combine.ts";
export {
  allLeaves,
  flattenOneLevel,
  flattenOneLevelWithKeys,
  generateKeyPaths,
  isTreeNode,
  treeFlatten,
  treeFlattenWithPath,
  treeLeaves,
  treeLeavesWithPath,
  treeStructure,
  treeUnflatten,
} from "./_flatten.ts";
export type { PathOptions, TreeOptions } from "./_options.ts";
export { Partial, type PartialConstructor } from "./_partial.ts";
export {
  type DataclassFields,
  type DataclassType,
  type Flatten,
  type FlattensWithKeys,
  type FlattenWithKeys,
  type PytreeNodeClass,
  type PytreeWithKeysClass,
  registerDataclass,
  registerPytreeNode,
  registerPytreeNodeClass,
  registerPytreeWithKeys,
  registerPytreeWithKeysClass,
  registerStatic,
  type StaticField,
  type Unflatten,
} from "./_register.ts";
export {
  buildTree,
  defaultRegistry,
  type PyTreeRegistry,
  treedefChildren,
  treedefIsLeaf,
  treedefTuple,
} from "./_treedefs.ts";
