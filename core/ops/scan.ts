/**
 * `scan`: a counted loop that threads a carry and maps over leading axes.
 *
 * @module
 */
import { JaxArray } from "../array.ts";
import { shaped, type ShapedArray } from "../avals.ts";
import { batchJaxpr, matchDim, toFront } from "../batching.ts";
import { ClosedJaxpr, dceJaxpr, Jaxpr, Var } from "../jaxpr.ts";
import { addTangents, instantiate, jvpJaxpr, zeros } from "../jvp.ts";
import { partialEvalJaxpr, type PartialEvalTrace } from "../partial_eval.ts";
import { type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import { hoist, stage } from "../staging.ts";
import { bind } from "../trace.ts";
import { backwardPass } from "../transpose.ts";
import { copyAll, nonzeroMask, nonzeroTangents, permuteInputs } from "./regions.ts";

/** Parameters of scan; inputs are constants, the carry, and stacked xs; outputs the carry and stacked ys. */
export interface ScanParams {
  readonly jaxpr: ClosedJaxpr;
  readonly length: number;
  readonly reverse: boolean;
  readonly numConsts: number;
  readonly numCarry: number;
  readonly unroll: number;
}

type Common = Pick<ScanParams, "length" | "reverse" | "unroll">;

/** Binds scan from a body that may have constants of its own. */
export function bindScan(
  body: ClosedJaxpr,
  consts: readonly JaxArray[],
  init: readonly JaxArray[],
  xs: readonly JaxArray[],
  { length, reverse, unroll }: Common,
): readonly JaxArray[] {
  const { jaxpr, consts: own } = hoist(body);
  return bind(P.scan, [...own, ...consts, ...init, ...xs], {
    jaxpr,
    length,
    reverse,
    unroll,
    numConsts: own.length + consts.length,
    numCarry: init.length,
  });
}

function parts<T>(list: readonly T[], { numConsts, numCarry }: ScanParams): [T[], T[], T[]] {
  const c = numConsts, n = numConsts + numCarry;
  return [list.slice(0, c), list.slice(c, n), list.slice(n)];
}

function fixpoint(carry: boolean[], step: (carry: boolean[]) => readonly boolean[]): boolean[] {
  for (;;) {
    const out = step(carry);
    const grown = carry.map((c, i) => c || Boolean(out[i]));
    if (grown.every((g, i) => g === carry[i])) return carry;
    carry = grown;
  }
}

const stacked = (length: number, a: ShapedArray): ShapedArray =>
  shaped([length, ...a.shape], a.dtype, a.weakType);

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

P.scan.define({
  abstractEval(_avals, { jaxpr, numCarry, length }: ScanParams) {
    return jaxpr.outAvals.map((a, i) => i < numCarry ? a : stacked(length, a));
  },

  jvp(primals, tangents, params: ScanParams) {
    const { jaxpr, numCarry } = params;
    const [consts, init, xs] = parts(primals, params);
    const [constTangents, initTangents, xsTangents] = parts(tangents, params);
    const cn = nonzeroMask(constTangents), xn = nonzeroMask(xsTangents);
    const count = jaxpr.outAvals.length;
    const wanted = (c: readonly boolean[]): boolean[] =>
      range(0, count).map((i) => i < numCarry && Boolean(c[i]));
    const carry = fixpoint(
      nonzeroMask(initTangents),
      (c) => jvpJaxpr(jaxpr, [...cn, ...c, ...xn], wanted(c)).nonzeroOut.slice(0, numCarry),
    );
    const made = jvpJaxpr(jaxpr, [...cn, ...carry, ...xn], wanted(carry));
    // (consts, carry, xs, tangents of each) becomes (consts, their tangents, carry, its tangents, xs, their tangents).
    const nc = consts.length,
      nx = xs.length,
      tc = cn.filter(Boolean).length,
      tk = carry.filter(Boolean).length;
    const tx = xn.filter(Boolean).length, base = nc + numCarry + nx;
    const order = [
      ...range(0, nc),
      ...range(base, base + tc),
      ...range(nc, nc + numCarry),
      ...range(base + tc, base + tc + tk),
      ...range(nc + numCarry, base),
      ...range(base + tc + tk, base + tc + tk + tx),
    ];
    const inputs = permuteInputs(made.jaxpr, order);
    // Outputs (carry, ys, carry tangents, y tangents) become (carry, carry tangents, ys, y tangents).
    const ty = made.nonzeroOut.slice(numCarry).filter(Boolean).length;
    const outOrder = [
      ...range(0, numCarry),
      ...range(count, count + tk),
      ...range(numCarry, count),
      ...range(count + tk, count + tk + ty),
    ];
    const body = new ClosedJaxpr(
      new Jaxpr(
        inputs.jaxpr.constvars,
        inputs.jaxpr.invars,
        inputs.eqns,
        outOrder.map((i) => inputs.jaxpr.outvars[i]!),
      ),
      inputs.consts,
    );
    const carryTangents = initTangents.flatMap((t, i) => carry[i] ? [instantiate(t)] : []);
    const outs = bindScan(
      body,
      [...consts, ...nonzeroTangents(constTangents)],
      [...init, ...carryTangents],
      [...xs, ...nonzeroTangents(xsTangents)],
      params,
    );
    const ny = count - numCarry;
    const primalsOut = [...outs.slice(0, numCarry), ...outs.slice(numCarry + tk, numCarry + tk + ny)];
    let nextCarry = numCarry, nextY = numCarry + tk + ny;
    const tangentsOut = jaxpr.outAvals.map((a, i): Tangent => {
      if (i < numCarry) return carry[i] ? outs[nextCarry++]! : new Zero(a.tangent());
      return made.nonzeroOut[i] ? outs[nextY++]! : new Zero(stacked(params.length, a.tangent()));
    });
    return [primalsOut, tangentsOut];
  },

  partialEval(trace: PartialEvalTrace, args, params: ScanParams) {
    const { jaxpr, numCarry, length } = params;
    const [consts, init, xs] = parts(args, params);
    const cu = consts.map((x) => trace.isUnknown(x)), xu = xs.map((x) => trace.isUnknown(x));
    const count = jaxpr.outAvals.length;
    const wanted = (c: readonly boolean[]): boolean[] =>
      range(0, count).map((i) => i < numCarry && Boolean(c[i]));
    const carry = fixpoint(
      init.map((x) => trace.isUnknown(x)),
      (c) => partialEvalJaxpr(jaxpr, [...cu, ...c, ...xu], wanted(c)).unknownOut.slice(0, numCarry),
    );
    const split = partialEvalJaxpr(jaxpr, [...cu, ...carry, ...xu], wanted(carry));
    const knownCount = split.unknownOut.filter((u) => !u).length;
    const knownCarry = carry.filter((u) => !u).length;
    const knownConsts = consts.filter((_, i) => !cu[i]);
    // Residuals that are constants of the loop are not stacked.
    const invars = split.known.jaxpr.invars.slice(0, knownConsts.length);
    const residualVars = split.known.jaxpr.outvars.slice(knownCount);
    const invariant = residualVars.map((v) => v instanceof Var ? invars.indexOf(v) : -1);
    const known = new ClosedJaxpr(
      dceJaxpr(
        split.known.jaxpr,
        split.known.jaxpr.outvars.map((_, i) => i < knownCount || invariant[i - knownCount]! < 0),
        true,
      ).jaxpr,
      split.known.consts,
    );
    const outs = bindScan(
      known,
      knownConsts,
      init.filter((_, i) => !carry[i]),
      xs.filter((_, i) => !xu[i]),
      params,
    );
    if (!split.unknownOut.some(Boolean)) return outs;
    let next = knownCount;
    const residuals = invariant.map((k) => k >= 0 ? knownConsts[k]! : outs[next++]!);
    const nr = residuals.length, isConst = invariant.map((k) => k >= 0);
    const uc = cu.filter(Boolean).length, uk = carry.filter(Boolean).length, ux = xu.filter(Boolean).length;
    // The unknown body takes (residuals, consts, carry, xs); invariant residuals join the constants, others the xs.
    const order = [
      ...range(0, nr).filter((i) => isConst[i]),
      ...range(nr, nr + uc),
      ...range(nr + uc, nr + uc + uk),
      ...range(0, nr).filter((i) => !isConst[i]),
      ...range(nr + uc + uk, nr + uc + uk + ux),
    ];
    const body = permuteInputs(split.unknown, order);
    const inputs = [
      ...residuals.filter((_, i) => isConst[i]),
      ...consts.filter((_, i) => cu[i]),
      ...init.flatMap((x, i) => carry[i] ? [x] : []),
      ...residuals.filter((_, i) => !isConst[i]),
      ...xs.filter((_, i) => xu[i]),
    ];
    const newParams = {
      jaxpr: body,
      length,
      reverse: params.reverse,
      unroll: params.unroll,
      numConsts: isConst.filter(Boolean).length + uc,
      numCarry: uk,
    };
    const later = trace.record(
      P.scan,
      inputs,
      newParams,
      body.outAvals.map((a, i) => i < uk ? a : stacked(length, a)),
    );
    let k = 0, ky = knownCarry, u = 0, uy = uk;
    return range(0, count).map((i) => {
      if (split.unknownOut[i]) return i < numCarry ? later[u++]! : later[uy++]!;
      return i < numCarry ? outs[k++]! : outs[ky++]!;
    });
  },

  /** The carry runs backwards, together with running sums of the cotangents of linear constants. */
  transpose(cts, inputs, params: ScanParams) {
    const { jaxpr, numCarry, length } = params;
    const [consts, init, xs] = parts(inputs, params);
    const isLinear = (x: JaxArray | UndefinedPrimal): x is UndefinedPrimal => x instanceof UndefinedPrimal;
    if (!init.every(isLinear)) return transposeMixed(cts, inputs, params);
    const [cl, xl] = [consts.map(isLinear), xs.map(isLinear)];
    const yCts = cts.slice(numCarry), yHas = nonzeroMask(yCts);
    const ctCarry = cts.slice(0, numCarry).map((ct) => instantiate(ct));
    const linearConsts = consts.filter(isLinear);
    const knownConsts = consts.filter((x): x is JaxArray => x instanceof JaxArray);
    const knownXs = xs.filter((x): x is JaxArray => x instanceof JaxArray);
    const outAvals = jaxpr.outAvals;
    const nk = knownConsts.length, na = linearConsts.length, ny = yHas.filter(Boolean).length;
    const row = (a: ShapedArray): ShapedArray => shaped(a.shape.slice(1), a.dtype);
    const { jaxpr: body, consts: bodyConsts } = stage((...args) => {
      const ks = args.slice(0, nk), sums = args.slice(nk, nk + na);
      const carryCts = args.slice(nk + na, nk + na + numCarry);
      const ysIn = args.slice(nk + na + numCarry, nk + na + numCarry + ny);
      const xsIn = args.slice(nk + na + numCarry + ny);
      let nextK = 0, nextX = 0, nextY = 0;
      const [cAvals, iAvals, xAvals] = parts(jaxpr.inAvals, params);
      const bodyInputs = [
        ...cAvals.map((a, i) => cl[i] ? new UndefinedPrimal(a) : ks[nextK++]!),
        ...iAvals.map((a) => new UndefinedPrimal(a)),
        ...xAvals.map((a, i) => xl[i] ? new UndefinedPrimal(a) : xsIn[nextX++]!),
      ];
      const outCts = outAvals.map((a, i): Tangent =>
        i < numCarry ? carryCts[i]! : yHas[i - numCarry] ? ysIn[nextY++]! : new Zero(a.tangent())
      );
      const result = backwardPass(jaxpr.jaxpr, jaxpr.consts, bodyInputs, outCts);
      const [cOut, iOut, xOut] = parts(result, params);
      const newSums = cOut.filter((_, i) => cl[i]).map((ct, i) => instantiate(addTangents(sums[i]!, ct!)));
      return [
        ...newSums,
        ...iOut.map((ct) => instantiate(ct!)),
        ...xOut.filter((_, i) => xl[i]).map((ct) => instantiate(ct!)),
      ];
    }, [
      ...knownConsts.map((x) => x.aval),
      ...linearConsts.map((x) => x.aval.tangent()),
      ...ctCarry.map((x) => x.aval.strong()),
      ...yCts.filter((_, i) => yHas[i]).map((ct) => row((ct as JaxArray).aval)),
      ...knownXs.map((x) => shaped(x.shape.slice(1), x.dtype, x.weakType)),
    ]);
    const outs = bindScan(
      new ClosedJaxpr(body, bodyConsts),
      knownConsts,
      [...linearConsts.map((x) => zeros(x.aval.tangent())), ...ctCarry],
      [...nonzeroTangents(yCts), ...knownXs],
      { length, reverse: !params.reverse, unroll: params.unroll },
    );
    let c = 0, x = na + numCarry;
    return [
      ...cl.map((l): Tangent | null => l ? outs[c++]! : null),
      ...init.map((_, i): Tangent => outs[na + i]!),
      ...xl.map((l): Tangent | null => l ? outs[x++]! : null),
    ];
  },

  batch(axis, args, dims, params: ScanParams) {
    const { jaxpr, numCarry } = params;
    const [consts, init, xs] = parts(args, params);
    const [constDims, initDims, xsDims] = parts(dims, params);
    const mapped = (ds: readonly (number | null)[]): boolean[] => ds.map((d) => d !== null);
    const count = jaxpr.outAvals.length;
    const wanted = (c: readonly boolean[]): boolean[] =>
      range(0, count).map((i) => i < numCarry && Boolean(c[i]));
    const carry = fixpoint(
      mapped(initDims),
      (c) =>
        batchJaxpr(jaxpr, axis, [...mapped(constDims), ...c, ...mapped(xsDims)], wanted(c)).mappedOut.slice(
          0,
          numCarry,
        ),
    );
    const made = batchJaxpr(jaxpr, axis, [...mapped(constDims), ...carry, ...mapped(xsDims)], wanted(carry));
    const outs = bindScan(
      made.jaxpr,
      consts.map((x, i) => constDims[i] === null ? x : toFront(x, constDims[i]!, axis.size)),
      init.map((x, i) => carry[i] ? toFront(x, initDims[i]!, axis.size) : x),
      xs.map((x, i) => xsDims[i] === null ? x : matchDim(axis.size, x, xsDims[i]!, 1)),
      params,
    );
    return [outs, made.mappedOut.map((m, i) => m ? (i < numCarry ? 0 : 1) : null)];
  },

  lower: {
    kind: "region",
    emit(context) {
      const params = context.params as ScanParams;
      const { jaxpr, length, reverse, numCarry } = params;
      const [consts, init, xs] = parts(context.inputs, params);
      const carry = init.map((x) => context.allocate(x.aval));
      init.forEach((x, i) => context.copy(x, carry[i]!));
      const ys = context.outAvals.slice(numCarry).map((a) => context.allocate(a));
      if (length > 0) {
        context.loop(length, reverse, (counter) => {
          const outs = context.inline(jaxpr, [
            ...consts,
            ...carry,
            ...xs.map((x) => context.row(x, counter)),
          ]);
          outs.slice(numCarry).forEach((y, i) => context.copy(y, context.row(ys[i]!, counter)));
          copyAll(context, outs.slice(0, numCarry), carry);
        });
      }
      return [...carry, ...ys];
    },
  },

  dce(used, params: ScanParams) {
    const { jaxpr, numConsts, numCarry } = params;
    const usedYs = used.slice(numCarry);
    // A carry is needed when its result is, or when what is needed reads it.
    let carry = used.slice(0, numCarry);
    let smaller = dceJaxpr(jaxpr.jaxpr, [...carry, ...usedYs]);
    for (;;) {
      const reads = smaller.usedInputs.slice(numConsts, numConsts + numCarry);
      const grown = carry.map((c, i) => c || Boolean(reads[i]));
      if (grown.every((g, i) => g === carry[i])) break;
      carry = grown;
      smaller = dceJaxpr(jaxpr.jaxpr, [...carry, ...usedYs]);
    }
    if (carry.some((c, i) => c !== used[i])) return null;
    const keep = jaxpr.jaxpr.invars.map((_, i) =>
      i >= numConsts && i < numConsts + numCarry && Boolean(carry[i - numConsts])
    );
    smaller = dceJaxpr(jaxpr.jaxpr, [...carry, ...usedYs], keep);
    return {
      usedInputs: smaller.usedInputs,
      params: {
        ...params,
        jaxpr: new ClosedJaxpr(smaller.jaxpr),
        numConsts: smaller.usedInputs.slice(0, numConsts).filter(Boolean).length,
        numCarry: carry.filter(Boolean).length,
      },
    };
  },

  subJaxprs: ({ jaxpr }: ScanParams) => [jaxpr.jaxpr],
  printParams: ({ jaxpr, length, reverse, numConsts, numCarry, unroll }: ScanParams) => ({
    jaxpr,
    length,
    linear: jaxpr.inAvals.map(() => false),
    num_carry: numCarry,
    num_consts: numConsts,
    reverse,
    unroll,
  }),
});

/** Carries that are known beside linear ones: the known part runs forward first, and its carries become xs. */
function transposeMixed(
  cts: readonly Tangent[],
  inputs: readonly (JaxArray | UndefinedPrimal)[],
  params: ScanParams,
): readonly (Tangent | null)[] {
  const { jaxpr, numCarry } = params;
  const unknown = inputs.map((x) => x instanceof UndefinedPrimal);
  const [cu, ku, xu] = parts(unknown, params);
  const count = jaxpr.outAvals.length;
  const wanted = (c: readonly boolean[]): boolean[] =>
    range(0, count).map((i) => i < numCarry && Boolean(c[i]));
  const carry = fixpoint(
    ku,
    (c) => partialEvalJaxpr(jaxpr, [...cu, ...c, ...xu], wanted(c)).unknownOut.slice(0, numCarry),
  );
  const split = partialEvalJaxpr(jaxpr, [...cu, ...carry, ...xu], wanted(carry));
  const [consts, init, xs] = parts(inputs, params);
  const isArray = (x: JaxArray | UndefinedPrimal): x is JaxArray => x instanceof JaxArray;
  const knownCount = split.unknownOut.filter((u) => !u).length;
  const outs = bindScan(
    split.known,
    consts.filter(isArray),
    init.filter((x, i): x is JaxArray => !carry[i] && isArray(x)),
    xs.filter(isArray),
    params,
  );
  const residuals = outs.slice(knownCount);
  const nr = residuals.length,
    uc = cu.filter(Boolean).length,
    uk = carry.filter(Boolean).length,
    ux = xu.filter(Boolean).length;
  const order = [...range(nr, nr + uc + uk), ...range(0, nr), ...range(nr + uc + uk, nr + uc + uk + ux)];
  const body = permuteInputs(split.unknown, order);
  const seeds = init.flatMap((x, i) => carry[i] ? [x] : []);
  const result = P.scan.rules.transpose;
  if (result === "nonlinear") throw new Error("scan has a transpose rule");
  // Carries that became linear on the way start from known values, whose cotangents are not asked for.
  const linearInputs = [
    ...consts.filter((x) => !isArray(x)),
    ...seeds.map((x) => isArray(x) ? new UndefinedPrimal(x.aval) : x),
    ...residuals,
    ...xs.filter((x) => !isArray(x)),
  ];
  const used = cts.filter((_, i) => split.unknownOut[i]);
  const inner = result(used, linearInputs, { ...params, jaxpr: body, numConsts: uc, numCarry: uk });
  let c = 0, k = uc, x = uc + uk + nr;
  return [
    ...cu.map((u): Tangent | null => u ? inner[c++]! : null),
    ...carry.map((u, i): Tangent | null => {
      const ct = u ? inner[k++]! : null;
      return ku[i] ? ct : null;
    }),
    ...xu.map((u): Tangent | null => u ? inner[x++]! : null),
  ];
}
