"""Confidence intervals by another way than that of src/objectives/evaluate/interval.rs, for its tests.

    python intervals.py > intervals.tsv      writes the table
    python intervals.py --check intervals.tsv    compares a table with what is computed here, and, where it is installed, with statsmodels

Only the standard library is needed. A bound of Wilson's interval is where the score test stops rejecting: it is found by halving, and
not by the formula.
"""
import math
import sys
from statistics import NormalDist


def wilson(part, all, level):
    """The two x at which (part / all - x)^2 = z^2 x (1 - x) / all."""
    z, p = NormalDist().inv_cdf((1 + level) / 2), part / all

    def bound(inside, outside):
        if p == outside:
            return outside
        for _ in range(200):
            middle = (inside + outside) / 2
            rejected = (p - middle) ** 2 * all > z * z * middle * (1 - middle)
            inside, outside = (inside, middle) if rejected else (middle, outside)
        return (inside + outside) / 2

    return bound(p, 0.0), bound(p, 1.0)


def newcombe(a, m, b, n, level, correlation=0.0):
    """Newcombe (1998), method 10; with a correlation Newcombe (1998b), method 10."""
    p, q = a / m, b / n
    (l1, u1), (l2, u2) = wilson(a, m, level), wilson(b, n, level)

    def distance(x, y):
        return math.sqrt(max(0.0, x * x - 2 * correlation * x * y + y * y))

    return p - q - distance(p - l1, u2 - q), p - q + distance(u1 - p, q - l2)


def paired(both, first, second, neither, level):
    """The same examples with two models: right with both, with the first only, with the second only, with neither."""
    n = both + first + second + neither
    sides = (both + first) * (second + neither) * (both + second) * (first + neither)
    product = both * neither - first * second
    corrected = max(product - n / 2, 0) if product > 0 else product
    correlation = corrected / math.sqrt(sides) if sides else 0.0
    return newcombe(both + first, n, both + second, n, level, correlation)


def exact(part, all, level):
    """Clopper and Pearson (1934), with a fifth more error than the level allows, at most half a point: the p at which so few, or so many, come
    out with just that chance. The bounds are found by halving."""
    error = (1 - level) / 2
    error += min(0.005, error / 5)

    ways = [math.lgamma(all + 1) - math.lgamma(k + 1) - math.lgamma(all - k + 1) for k in range(all + 1)]

    def tail(p, numbers):
        return math.fsum(math.exp(ways[k] + k * math.log(p) + (all - k) * math.log1p(-p)) for k in numbers)

    def bound(numbers, rises):
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            if middle in (low, high):
                break
            low, high = (middle, high) if (tail(middle, numbers) < error) == rises else (low, middle)
        return (low + high) / 2

    lower = 0.0 if part == 0 else bound(range(part, all + 1), True)
    upper = 1.0 if part == all else bound(range(part + 1), False)
    return lower, upper


def tango(both, first, second, neither, level):
    """Tango (1998): where the score test does not reject. The most likely chances under what is tested are found by halving the slope of the
    likelihood, and not by the formula."""
    n, z = both + first + second + neither, NormalDist().inv_cdf((1 + level) / 2)

    def score(d):
        # With only-second of chance s, only-first has s + d, and the rest 1 - 2 s - d.
        low, high = max(0.0, -d), (1 - d) / 2

        def slope(s):
            parts = [(first, s + d), (second, s)]
            if any(count and chance <= 0 for count, chance in parts):
                return math.inf
            rest = 1 - 2 * s - d
            if n - first - second and rest <= 0:
                return -math.inf
            gain = sum(count / chance for count, chance in parts if count)
            return gain - (2 * (n - first - second) / rest if n - first - second else 0.0)

        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if slope(middle) > 0 else (low, middle)
        s = (low + high) / 2
        variance = n * (2 * s + d * (1 - d))
        distance = first - second - n * d
        return distance / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, distance)

    def bound(inside, outside):
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if abs(score(middle)) <= z else (inside, middle)
        return (inside + outside) / 2

    point = (first - second) / n
    return bound(point, -1.0), bound(point, 1.0)


LEVELS = ["0.9", "0.95", "0.99"]
WILSON = [(0, 7), (7, 7), (1, 29), (9, 10), (45, 50), (304, 350), (5646, 6000), (3, 10), (1, 2), (999, 1000), (20, 2000), (1, 100000)]
NEWCOMBE = [((5580, 6000), (5, 5)), ((56, 70), (48, 80)), ((5646, 6000), (5592, 6000)), ((0, 10), (0, 20)), ((10, 10), (0, 10)), ((45, 50), (40, 50)), ((1, 1000), (3, 1000)), ((170, 200), (900, 1000))]
PAIRED = [(330, 10, 10, 50), (240, 10, 100, 50), (350, 10, 0, 40), (36, 12, 2, 0), (1, 0, 0, 19), (0, 10, 10, 0), (1990, 4, 1, 5), (20, 0, 0, 0)]
TANGO = [(330, 10, 10, 50), (240, 10, 100, 50), (350, 10, 0, 40), (36, 12, 2, 0), (43, 0, 1, 0), (26, 15, 7, 37), (990, 3, 0, 7), (54, 0, 0, 0)]
# As the papers print them, to four digits.
PRINTED = """\
# Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3
wilson\t81/263\t-\t0.95\t0.2553\t0.3662
wilson\t15/148\t-\t0.95\t0.0624\t0.1605
wilson\t0/20\t-\t0.95\t0.0000\t0.1611
wilson\t1/29\t-\t0.95\t0.0061\t0.1718
# Newcombe (1998), Interval estimation for the difference between independent proportions, table II, method 10
newcombe\t56/70\t48/80\t0.95\t0.0524\t0.3339
newcombe\t9/10\t3/10\t0.95\t0.1705\t0.8090
newcombe\t6/7\t2/7\t0.95\t0.0582\t0.8062
newcombe\t5/56\t0/29\t0.95\t-0.0381\t0.1926
newcombe\t0/10\t0/20\t0.95\t-0.1611\t0.2775
newcombe\t0/10\t0/10\t0.95\t-0.2775\t0.2775
newcombe\t10/10\t0/20\t0.95\t0.6791\t1.0000
newcombe\t10/10\t0/10\t0.95\t0.6075\t1.0000"""


def write():
    print("# kind, x, y, level, lower, upper; y is - where there is one proportion only; x of pairs is both/candidate/baseline/neither")
    for part, all in WILSON:
        for level in LEVELS:
            print("wilson\t%d/%d\t-\t%s\t%.12f\t%.12f" % (part, all, level, *wilson(part, all, float(level))))
    for part, all in [own for own in WILSON if own[1] <= 1000] + [(304, 350), (1, 30), (2, 40)]:
        for level in LEVELS:
            print("exact\t%d/%d\t-\t%s\t%.12f\t%.12f" % (part, all, level, *exact(part, all, float(level))))
    for table in TANGO:
        for level in LEVELS:
            print("tango\t%d/%d/%d/%d\t-\t%s\t%.12f\t%.12f" % (*table, level, *tango(*table, float(level))))
    for (a, m), (b, n) in NEWCOMBE:
        for level in LEVELS:
            print("newcombe\t%d/%d\t%d/%d\t%s\t%.12f\t%.12f" % (a, m, b, n, level, *newcombe(a, m, b, n, float(level))))
    for table in PAIRED:
        for level in LEVELS:
            print("paired\t%d/%d/%d/%d\t-\t%s\t%.12f\t%.12f" % (*table, level, *paired(*table, float(level))))
    print(PRINTED)


def check(path):
    try:
        from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
    except ImportError:
        proportion_confint = None
    rows = wrong = others = 0
    for line in open(path, encoding="utf-8"):
        if line.startswith("#"):
            continue
        kind, x, y, level, lower, upper = line.rstrip("\n").split("\t")
        x, level = [int(part) for part in x.split("/")], float(level)
        y = [] if y == "-" else [int(part) for part in y.split("/")]
        found = [{"wilson": wilson, "exact": exact, "tango": tango, "newcombe": newcombe, "paired": paired}[kind](*x, *y, level)]
        if proportion_confint and kind == "wilson":
            found.append(proportion_confint(*x, alpha=1 - level, method="wilson"))
        if proportion_confint and kind == "exact":
            error = (1 - level) / 2
            found.append(proportion_confint(*x, alpha=2 * (error + min(0.005, error / 5)), method="beta"))
        if proportion_confint and kind == "newcombe":
            found.append(confint_proportions_2indep(*x, *y, method="newcomb", compare="diff", alpha=1 - level))
        others += len(found) - 1
        digits = len(lower.partition(".")[2])
        tolerance = 1e-9 if digits > 6 else 0.5000001 * 10**-digits
        rows += 1
        for low, high in found:
            if abs(max(low, -1) - float(lower)) > tolerance or abs(min(high, 1) - float(upper)) > tolerance:
                wrong += 1
                print("%s: %.12f %.12f" % (line.strip(), low, high))
    print("%d rows, %d of them by statsmodels, too; %d differ" % (rows, others, wrong))
    return wrong


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        sys.exit(check(sys.argv[2]) > 0)
    write()
