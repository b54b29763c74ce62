"""Writes intervals.tsv: confidence intervals as statsmodels computes them, for the tests of src/objectives/evaluate/interval.rs.

pip install statsmodels; python intervals.py > intervals.tsv
"""
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
import statsmodels

print(f"# statsmodels {statsmodels.__version__}: proportion_confint(method='wilson'), confint_proportions_2indep(method='newcomb')")
print("# kind, x, y, level, lower, upper; y is - where there is one proportion only")
for part, all in [(0, 7), (7, 7), (1, 29), (9, 10), (45, 50), (304, 350), (5646, 6000), (3, 10), (1, 2), (999, 1000), (20, 2000), (1, 100000)]:
    for level in ["0.9", "0.95", "0.99"]:
        low, high = proportion_confint(part, all, alpha=1 - float(level), method="wilson")
        print(f"wilson\t{part}/{all}\t-\t{level}\t{max(low, 0):.12f}\t{min(high, 1):.12f}")
for (a, m), (b, n) in [((5580, 6000), (5, 5)), ((56, 70), (48, 80)), ((5646, 6000), (5592, 6000)), ((0, 10), (0, 20)), ((10, 10), (0, 10)), ((45, 50), (40, 50)), ((1, 1000), (3, 1000)), ((170, 200), (900, 1000))]:
    for level in ["0.9", "0.95", "0.99"]:
        low, high = confint_proportions_2indep(a, m, b, n, method="newcomb", compare="diff", alpha=1 - float(level))
        print(f"newcombe\t{a}/{m}\t{b}/{n}\t{level}\t{low:.12f}\t{high:.12f}")
print("# Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3")
for row in ["81/263\t-\t0.95\t0.2553\t0.3662", "15/148\t-\t0.95\t0.0624\t0.1605", "0/20\t-\t0.95\t0.0000\t0.1611", "1/29\t-\t0.95\t0.0061\t0.1718"]:
    print(f"wilson\t{row}")
print("# Newcombe (1998), Interval estimation for the difference between independent proportions, table II, method 10")
for row in ["56/70\t48/80\t0.95\t0.0524\t0.3339", "9/10\t3/10\t0.95\t0.1705\t0.8090", "6/7\t2/7\t0.95\t0.0582\t0.8062", "5/56\t0/29\t0.95\t-0.0381\t0.1926", "0/10\t0/20\t0.95\t-0.1611\t0.2775", "0/10\t0/10\t0.95\t-0.2775\t0.2775", "10/10\t0/20\t0.95\t0.6791\t1.0000", "10/10\t0/10\t0.95\t0.6075\t1.0000"]:
    print(f"newcombe\t{row}")
