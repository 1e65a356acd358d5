"""Writes math_cases.json: arguments and correctly rounded values of the functions of kernel/math, from mpmath.

    python3 tests/kernel/math_cases.py [POINTS]

Real functions: f32 and f64 arguments (bits in base64), values as f64 and, for f64, what is missing in units of 1/200 of the
last place. Complex functions: arguments and values as f64. `math_hard.json` has arguments where errors were largest among
some 10^5 tried for each function.
"""
import base64, json, math, os, random, struct, sys
import mpmath as m
from mpmath import mp, mpc, mpf

HERE = os.path.dirname(os.path.abspath(__file__))
POINTS = int(sys.argv[1]) if len(sys.argv) > 1 else 160


def single(x):
    try:
        return struct.unpack("<f", struct.pack("<f", x))[0]
    except OverflowError:
        return math.copysign(3.4028234663852886e38, x)


def rounded(dtype, x):
    return single(x) if dtype == "f32" else float(x)


def any_bits(dtype):
    """A finite number with random bits: all exponents alike, subnormals too."""
    while True:
        if dtype == "f32":
            x = struct.unpack("<f", struct.pack("<I", random.getrandbits(32)))[0]
        else:
            x = struct.unpack("<d", struct.pack("<Q", random.getrandbits(64)))[0]
        if math.isfinite(x):
            return x


def sample(dtype, kind, *range_):
    if kind == "lin":
        return random.uniform(*range_)
    if kind == "log":
        return math.exp(random.uniform(math.log(range_[0]), math.log(range_[1])))
    if kind == "slog":
        return random.choice([-1, 1]) * sample(dtype, "log", *range_)
    if kind == "near":
        bits = 24 if dtype == "f32" else 53
        return range_[0] * (1 + random.choice([-1, 1]) * 2.0 ** random.uniform(-bits, -1))
    return any_bits(dtype) if kind == "bits" else abs(any_bits(dtype))


def both(single_range, double_range):
    return lambda dtype: ("lin", *(single_range if dtype == "f32" else double_range))


EXP = [both((-104, 89.2), (-746, 710)), ("slog", 1e-12, 1), ("lin", -2, 2), both((-104, -87), (-746, -708))]
TRIG = [("lin", -10, 10), ("lin", -1000, 1000), ("slog", 1, 1e7), ("bits",), ("slog", 1e-12, 1), "quarters"]
UNIT = [("lin", -1, 1), ("near", 1.0), ("near", -1.0), ("slog", 1e-20, 1)]
WIDE = [("bits",), ("lin", -3, 3), ("slog", 1e-20, 1), ("slog", 1, 1e6)]
GAMMA = [("lin", -20, 20), ("lin", 0.01, 5), ("log", 1, 1e6), ("log", 1e-20, 1), ("log", 1, 1e35)]


def lgamma(x):
    if x > 500:
        return m.loggamma(x)
    if x > -500:
        return m.log(abs(m.gamma(x)))
    return m.log(m.pi / abs(x * m.sinpi(x))) - m.loggamma(-x)


def bessel(order):
    def scaled(x):
        a = abs(x)
        if a < 2000:
            return m.besseli(order, x) * m.exp(-a)
        term = total = mpf(1)
        for k in range(1, 30):
            term *= -(4 * order * order - (2 * k - 1) ** 2) / (k * 8 * a)
            total += term
        return (m.sign(x) if order else 1) * total / m.sqrt(2 * m.pi * a)

    return scaled


# name: (function, samplers, condition on the argument)
UNARY = {
    "exp": (m.exp, EXP, None),
    "exp2": (lambda x: m.power(2, x), [both((-151, 128.5), (-1076, 1024.5)), ("slog", 1e-12, 1), ("lin", -2, 2)], None),
    "expm1": (m.expm1, EXP, None),
    "logistic": (lambda x: 1 / (1 + m.exp(-x)), [both((-110, 110), (-750, 750)), ("slog", 1e-20, 1), ("lin", -5, 5)], None),
    "log": (m.log, [("pbits",), ("near", 1.0), ("lin", 0.4, 2.5)], lambda x: x > 0),
    "log1p": (m.log1p, [("pbits",), ("near", -1.0), ("lin", -0.99, 3), ("slog", 1e-20, 0.5)], lambda x: x > -1),
    "sin": (m.sin, TRIG, None),
    "cos": (m.cos, TRIG, None),
    "tan": (m.tan, TRIG, None),
    "asin": (m.asin, UNIT, lambda x: abs(x) <= 1),
    "acos": (m.acos, UNIT, lambda x: abs(x) <= 1),
    "atan": (m.atan, WIDE, None),
    "sinh": (m.sinh, [both((-90, 90), (-711, 711)), ("lin", -2, 2), ("slog", 1e-20, 1)], None),
    "cosh": (m.cosh, [both((-90, 90), (-711, 711)), ("lin", -2, 2), ("slog", 1e-20, 1)], None),
    "tanh": (m.tanh, [("lin", -25, 25), ("lin", -2, 2), ("slog", 1e-20, 1)], None),
    "asinh": (m.asinh, WIDE, None),
    "acosh": (m.acosh, [("log", 1, 1e6), ("lin", 1, 3), ("near", 1.0), ("pbits",)], lambda x: x >= 1),
    "atanh": (m.atanh, UNIT, lambda x: abs(x) < 1),
    "cbrt": (lambda x: m.sign(x) * m.cbrt(abs(x)), [("bits",), ("lin", -9, 9)], None),
    "rsqrt": (lambda x: 1 / m.sqrt(x), [("pbits",), ("lin", 0, 9)], lambda x: x > 0),
    "erf": (m.erf, [("lin", -7, 7), ("slog", 1e-20, 1), ("lin", -1.3, 1.3)], None),
    "erfc": (m.erfc, [both((-5, 10), (-7, 27)), ("slog", 1e-20, 1), ("lin", -1.3, 1.3)], None),
    "erfInv": (m.erfinv, UNIT, lambda x: 0 < abs(x) < 1),
    "lgamma": (lgamma, GAMMA, lambda x: x > 0 or x != math.floor(x)),
    "digamma": (m.digamma, GAMMA, lambda x: x > 0 or x != math.floor(x)),
    "besselI0e": (bessel(0), [("lin", -20, 20), ("slog", 1e-10, 100), ("slog", 1, 1e6)], None),
    "besselI1e": (bessel(1), [("lin", -20, 20), ("slog", 1e-10, 100), ("slog", 1, 1e6)], None),
}


def power(x, y):
    """x**y for finite x != 0, NaN where it is not real."""
    exponent = y * m.log(abs(x))
    value = mpf("inf") if exponent > 1000 else mpf(0) if exponent < -1000 else m.exp(exponent)
    if x < 0 and y != m.floor(y):
        return mpf("nan")
    return -value if x < 0 and m.fmod(y, 2) != 0 else value


BINARY = {"pow": power, "atan2": m.atan2, "hypot": lambda x, y: m.sqrt(x * x + y * y)}


def power_arguments(dtype, i):
    limit = 128 if dtype == "f32" else 1024
    if i % 5 == 0:
        x = abs(any_bits(dtype))
        return x, random.uniform(-limit - 5, limit + 5) / max(1e-3, abs(math.log2(x or 2)))
    if i % 5 == 1:
        x = rounded(dtype, sample(dtype, "near", 1.0))
        return x, random.uniform(-limit - 8, limit) / (math.log2(x) or 1)
    if i % 5 == 2:
        return random.uniform(0, 4), random.uniform(-10, 10)
    if i % 5 == 3:
        return random.uniform(-8, 8), float(random.randrange(-20, 20))
    return abs(any_bits(dtype)), random.choice([0.5, -0.5, 1.5, 2, 3, -1, 1 / 3, -2])


def binary_arguments(name, dtype, i):
    if name == "pow":
        return power_arguments(dtype, i)
    if i % 3 == 0:
        return any_bits(dtype), any_bits(dtype)
    if i % 3 == 1:
        return random.uniform(-3, 3), random.uniform(-3, 3)
    x = any_bits(dtype)
    return x, x * 2.0 ** random.uniform(-14, 14)


def quarter_turn(dtype):
    """Next to a multiple of pi/2."""
    k = random.randrange(1, 2 ** random.randrange(1, 120 if dtype == "f32" else 1000))
    x = rounded(dtype, float(k * m.pi / 2))
    step = single(x * (1 + random.choice([-1, 1]) * 2.0**-24)) if dtype == "f32" else math.nextafter(x, random.choice([0, math.inf]))
    return random.choice([x, step])


TRIG_HARD = {
    "f32": [single(v) for v in (16367173 * 2.0**72, 1e22, 3e38, 1e5, 12867.0, 2.0**127)],
    "f64": [6381956970095103 * 2.0**797, 1e22, 1e300, 1.7e308, 1e5, 1647099.0, 2.0**200],
}


def precision(name, args):
    size = max(abs(a) for a in args)
    exponent = abs(math.frexp(size)[1])
    if name in ("sin", "cos", "tan"):
        return 200 + exponent
    if name in ("acosh", "asinh", "log1p", "hypot", "atan2"):
        return 400 + 2 * exponent if size > 1 else 400
    return 400


def value(name, args):
    mp.prec = precision(name, args)
    size = max(abs(a) for a in args)
    if size > 1e4 and name in ("exp", "expm1", "exp2", "sinh", "cosh"):
        low = {"exp": 0, "exp2": 0, "expm1": -1, "sinh": -m.inf, "cosh": m.inf}[name]
        return m.inf if args[0] > 0 else mpf(low)
    if name == "tanh" and size > 100:
        return mpf(math.copysign(1, args[0]))
    function = UNARY[name][0] if name in UNARY else BINARY[name]
    w = function(*[mpf(a) for a in args])
    return w if isinstance(w, mpf) else w.real


def to_float(w):
    if m.isnan(w):
        return math.nan
    try:
        return float(w)
    except OverflowError:
        return math.copysign(math.inf, w)


def real_case(name, dtype, hard):
    arguments = [tuple(a) if isinstance(a, list) else (a,) for a in hard]
    for i in range(POINTS):
        if name in BINARY:
            arguments.append(binary_arguments(name, dtype, i))
            continue
        samplers = UNARY[name][1]
        sampler = samplers[i % len(samplers)]
        if sampler == "quarters":
            arguments.append((quarter_turn(dtype),))
        else:
            arguments.append((sample(dtype, *(sampler(dtype) if callable(sampler) else sampler)),))
    if name in ("sin", "cos", "tan"):
        arguments += [(x,) for x in TRIG_HARD[dtype]]
    arguments = [tuple(rounded(dtype, a) for a in args) for args in arguments]
    condition = UNARY[name][2] if name in UNARY else None
    if condition:
        arguments = [a for a in arguments if condition(a[0])]
    arguments = [a for a in arguments if any(a) and not (name == "pow" and a[0] == 0) and not (name == "atan2" and a[0] == 0)]
    values, rests = [], []
    for args in arguments:
        w = value(name, args)
        v = to_float(w)
        values.append(v)
        ulp = math.ulp(v) if math.isfinite(v) else 1.0
        rests.append(round(float((w - mpf(v)) / ulp) * 200) if math.isfinite(v) else 0)
    form = "f" if dtype == "f32" else "d"
    case = {"args": [pack(form, [a[k] for a in arguments]) for k in range(len(arguments[0]))], "want": pack("d", values)}
    if dtype == "f64":
        case["rest"] = pack("b", rests)
    return case


def pack(form, numbers):
    return base64.b64encode(struct.pack(f"<{len(numbers)}{form}", *numbers)).decode()


COMPLEX = {
    "exp": m.exp,
    "exp2": lambda z: m.exp(z * m.log(2)),
    "expm1": lambda z: m.exp(z) - 1,
    "log": m.log,
    "log1p": lambda z: m.log(1 + z),
    "sqrt": m.sqrt,
    "rsqrt": lambda z: 1 / m.sqrt(z),
    "logistic": lambda z: 1 / (1 + m.exp(-z)),
    "sin": m.sin,
    "cos": m.cos,
    "tan": m.tan,
    "asin": m.asin,
    "acos": m.acos,
    "atan": m.atan,
    "sinh": m.sinh,
    "cosh": m.cosh,
    "tanh": m.tanh,
    "asinh": m.asinh,
    "acosh": m.acosh,
    "atanh": m.atanh,
    "sign": lambda z: z / abs(z),
    "square": lambda z: z * z,
    "div": lambda x, y: x / y,
    "mul": lambda x, y: x * y,
    "pow": lambda x, y: m.exp(y * m.log(x)),
}
BOUNDED = ("exp", "exp2", "expm1", "sin", "cos", "tan", "sinh", "cosh", "tanh", "logistic", "pow")


def complex_argument(name, dtype):
    decades = 30 if dtype == "f32" else 250
    sign = lambda: random.choice([-1, 1])
    kind = random.randrange(5)
    if name == "pow" or kind == 0:
        return random.uniform(-3, 3), random.uniform(-3, 3)
    if kind == 1:
        angle, radius = random.uniform(-math.pi, math.pi), 1 + sign() * 10 ** random.uniform(-7, -1)
        return radius * math.cos(angle), radius * math.sin(angle)
    if kind == 2:
        return sign() * 10 ** random.uniform(-decades, 0), sign() * 10 ** random.uniform(-decades, 0)
    if kind == 3 or name in BOUNDED:
        return random.uniform(-80, 80), random.uniform(-80, 80)
    return sign() * 10 ** random.uniform(-decades, decades), sign() * 10 ** random.uniform(-decades, decades)


def complex_case(name, dtype):
    count = 2 if name in ("div", "mul", "pow") else 1
    columns = [[] for _ in range(2 * count + 2)]
    for _ in range(POINTS // 4):
        zs = [tuple(rounded(dtype, v) for v in complex_argument(name, dtype)) for _ in range(count)]
        mp.prec = 2600
        w = mpc(COMPLEX[name](*[mpc(*z) for z in zs]))
        for column, v in zip(columns, [*[v for z in zs for v in z], to_float(w.real), to_float(w.imag)]):
            column.append(v)
    form = "f" if dtype == "f32" else "d"
    return {"args": [pack(form, c) for c in columns[:-2]], "want": [pack("d", c) for c in columns[-2:]]}


def main():
    random.seed(20240229)
    with open(os.path.join(HERE, "math_hard.json")) as file:
        hard = json.load(file)
    dtypes = ("f32", "f64")
    cases = {
        "real": {n: {t: real_case(n, t, hard.get(n, {}).get(t, [])) for t in dtypes} for n in [*UNARY, *BINARY]},
        "complex": {n: {t: complex_case(n, t) for t in dtypes} for n in COMPLEX},
    }
    with open(os.path.join(HERE, "math_cases.json"), "w") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")


main()
