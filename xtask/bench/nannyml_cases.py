"""How suspicious NannyML's univariate calculators find each column in each case of a corpus."""
import math
import os
import warnings

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
from nannyml import (  # noqa: E402
    MissingValuesCalculator,
    NumericalRangeCalculator,
    UnivariateDriftCalculator,
    UnseenValuesCalculator,
)
from nannyml.chunk import CountBasedChunker, DefaultChunker  # noqa: E402

from cases import ABOVE_ZERO, ask  # noqa: E402

warnings.filterwarnings("ignore")
# The reference is always in the ten chunks of the default, from which the thresholds follow.
CHUNKERS = {"whole": CountBasedChunker(1), "chunks": DefaultChunker()}


def relative(value, limit, usual):
    """1 at a threshold and 0 at the mean of the reference's chunks; below 0 on the other side of it."""
    if limit is None or math.isnan(limit):
        return -math.inf
    if limit == usual:
        return ABOVE_ZERO + abs(value - usual) if value != usual else 0.0
    return (value - usual) / (limit - usual)


def calculated(calculator, pair, columns, test, chunked, scores):
    """Adds the largest score of all chunks."""
    calculator.fit(pair.train[columns])
    for chunks in chunked:
        calculator.chunker = CHUNKERS[chunks]
        told = calculator.calculate(pair.serve[columns]).to_df()
        told = {(key[0], key[-1]): values for key, values in zip(told.columns, told.to_numpy().T, strict=True)}
        here = told["chunk", "period"] == "analysis"
        for name in columns:
            values = told[name, "value"]
            usual = float(values[~here].mean())
            upper, lower = (told[name, f"{side}_threshold"][here][0] for side in ("upper", "lower"))
            largest = max(relative(value, limit, usual) for value in values[here] for limit in (upper, lower))
            constant = ", none in train" if usual == upper else ""
            kind = "categories" if pair.train[name].dtype.kind == "O" else "numbers"
            scores.add(name, f"{test} of {kind}, {chunks}{constant}", largest)


def suspect(pair, scores):
    train, serve = pair.train, pair.serve
    numeric = [name for name in pair.both if train[name].dtype.kind in "iuf"]
    text = [name for name in pair.both if train[name].dtype.kind == "O"]
    # The other calculators take their time to say that there is nothing to say.
    missing = [name for name in numeric + text if train[name].hasnans or serve[name].hasnans]
    beyond = [
        name for name in numeric if not serve[name].dropna().between(train[name].min(), train[name].max()).all()
    ]
    unseen = [name for name in text if not serve[name].isin(train[name].unique()).all()]
    tests = [
        ("drift", UnivariateDriftCalculator, numeric + text, CHUNKERS),
        ("missing", MissingValuesCalculator, missing, ["whole"]),
        ("out of range", NumericalRangeCalculator, beyond, ["whole"]),
        ("unseen", UnseenValuesCalculator, unseen, ["whole"]),
    ]
    for test, calculator, columns, chunked in tests:
        if columns:
            calculated(calculator(column_names=columns), pair, columns, test, chunked, scores)


if __name__ == "__main__":
    ask("nannyml", suspect)
