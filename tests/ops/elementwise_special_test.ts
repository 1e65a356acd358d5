import * as lax from "../../lax/mod.ts";
import { array, type Row, testRows } from "./_harness.ts";

// Expected values: JAX with 64-bit types.
const x5 = array([-2.5, -0.5, 0.25, 1.5, 3.75]);
const a5 = array([0.5, 1.25, 3, 8, 2]), y5 = array([0.3, 2.5, 1.75, 6, 9]);
const special: Row[] = [
  {
    name: "erf",
    f: lax.erf,
    operands: [x5],
    expected: [-0.999593047983, -0.520499877813, 0.276326390168, 0.966105146475, 0.999999886273],
  },
  {
    name: "erfc",
    f: lax.erfc,
    operands: [x5],
    expected: [1.99959304798, 1.52049987781, 0.723673609832, 0.0338948535247, 1.1372725657e-7],
  },
  {
    name: "erfInv",
    f: lax.erfInv,
    operands: [array([-0.9, -0.25, 0.1, 0.5, 0.99])],
    derivativeTolerance: 1e-5,
    expected: [-1.16308715368, -0.225312055012, 0.0888559904943, 0.476936276204, 1.82138636772],
  },
  {
    name: "lgamma",
    f: lax.lgamma,
    operands: [x5],
    expected: [-0.0562437164977, 1.26551212348, 1.2880225247, -0.120782237635, 1.48681557859],
    rtol: 4e-6,
  },
  {
    name: "digamma",
    f: lax.digamma,
    operands: [x5],
    expected: [1.10315664065, 0.0364899739786, -4.22745353338, 0.0364899739786, 1.18253738861],
    rtol: 4e-6,
  },
  {
    name: "besselI0e",
    f: lax.besselI0e,
    operands: [x5],
    expected: [0.270046441612, 0.645035270449, 0.79101716214, 0.367433609054, 0.21445705123],
  },
  {
    name: "besselI1e",
    f: lax.besselI1e,
    operands: [x5],
    expected: [-0.206584649531, -0.156420803185, 0.0981126286974, 0.219039387421, 0.182968420931],
  },
  // Second order would need derivatives of igamma_grad_a, which JAX has not either.
  {
    name: "igamma",
    f: lax.igamma,
    operands: [a5, y5],
    order: 1,
    expected: [0.561421973919, 0.876911428847, 0.256030304603, 0.256020239546, 0.998765901959],
    rtol: 5e-6,
  },
  { name: "igamma, second order in x", f: lax.igamma, operands: [a5, y5], argnums: [1] },
  {
    name: "igamma, stretched axes",
    f: lax.igamma,
    operands: [array([[0.5], [3]]), array([[0.3, 2.5, 4]])],
    order: 1,
  },
  {
    name: "igammac",
    f: lax.igammac,
    operands: [a5, y5],
    order: 1,
    expected: [0.438578026081, 0.123088571153, 0.743969695397, 0.743979760454, 0.00123409804087],
    rtol: 5e-6,
  },
  {
    name: "igammaGradA",
    f: lax.igammaGradA,
    operands: [a5, y5],
    order: 0,
    expected: [-0.770570351375, -0.18005740297, -0.212015406889, -0.12131394635, -0.00232569038485],
    rtol: 2e-5,
  },
  {
    name: "randomGammaGrad",
    f: lax.randomGammaGrad,
    operands: [a5, y5],
    order: 0,
    expected: [1.00980194595, 1.58118712059, 0.796776769199, 0.881149107685, 2.09391826422],
    rtol: 2e-5,
  },
  {
    name: "betainc",
    f: lax.betainc,
    operands: [a5, array([2, 0.75, 3.5, 1, 6]), array([0.1, 0.4, 0.55, 0.9, 0.95])],
    argnums: [2],
    expected: [0.458530260724, 0.244743489339, 0.675579544671, 0.43046721, 0.999999895312],
    rtol: 5e-6,
  },
  {
    name: "zeta",
    f: lax.zeta,
    operands: [array([1.5, 2, 3.25, 6, 1.1]), array([0.5, 1, 2.25, 0.1, 8])],
    order: 0,
    expected: [4.77653794755, 1.64493406685, 0.115617973553, 1000000.57756, 8.17445116347],
    rtol: 5e-6,
  },
  {
    name: "polygamma",
    f: lax.polygamma,
    operands: [array([0, 1, 2, 3, 4]), array([0.5, 1, 2.25, 0.7, 8])],
    argnums: [1],
    expected: [-1.96351002602, 1.64493406685, -0.303739937537, 25.8791496784, -0.00186879515064],
    rtol: 1e-5,
    derivativeTolerance: 1e-5,
  },
];
testRows("special", special);

const inf = Infinity, nan = NaN;
testRows("special at edges", [
  {
    name: "igamma",
    f: lax.igamma,
    operands: [array([0, 0, 1, 1, -1, 2, nan, inf]), array([0, 1, 0, inf, 1, -1, 1, 1])],
    order: 0,
    expected: [nan, 1, 0, 1, nan, nan, nan, nan],
  },
  {
    name: "igammac",
    f: lax.igammac,
    operands: [array([0, 0, 1, 1, -1, 2, nan, inf]), array([0, 1, 0, inf, 1, -1, 1, 1])],
    order: 0,
    expected: [nan, 0, 1, 0, nan, nan, nan, nan],
  },
  {
    name: "zeta",
    f: lax.zeta,
    operands: [array([1, 0.5, 2, 3, 2.5, 3, 1, inf, nan, 2]), array([1, 1, -1, -1, -1.5, -1.5, -1, 2, 1, 0])],
    order: 0,
    expected: [inf, nan, inf, nan, nan, 0.118102025821, inf, nan, nan, inf],
    rtol: 1e-4,
  },
  {
    name: "polygamma",
    f: lax.polygamma,
    operands: [array([-1, 0.5, 0, 1, 2, 0, nan]), array([1, 1, 0, 0, 0, -1, 1])],
    order: 0,
    expected: [nan, nan, nan, inf, nan, nan, nan],
  },
  {
    name: "betainc",
    f: lax.betainc,
    operands: [
      array([0, 1, 0, inf, 1, 1, -1, 2, nan]),
      array([1, 0, 0, 1, inf, 2, 1, 3, 1]),
      array([0.5, 0.5, 0.5, 0.5, 0.5, -1, 0.5, 1, 0.5]),
    ],
    order: 0,
    expected: [1, 0, nan, 0, 1, nan, nan, 1, nan],
  },
]);
