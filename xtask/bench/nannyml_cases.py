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


def of_column(chunks, usual):
    """The largest score of all chunks."""
    sides = ("upper_threshold", "lower_threshold")
    return max(
        relative(value, limit, usual) for side in sides for value, limit in zip(chunks["value"], chunks[side], strict=True)
    )


def calculated(calculator, pair, columns, test, chunked, scores):
    calculator.fit(pair.train[columns])
    for chunks in chunked:
        calculator.chunker = CHUNKERS[chunks]
        told = calculator.calculate(pair.serve[columns]).to_df()
        periods = told["chunk", "period"] if told.columns.nlevels == 2 else told["chunk", "chunk", "period"]
        for name in columns:
            of_name = told[name]
            if of_name.columns.nlevels > 1:
                of_name = of_name.droplevel(0, axis=1)
            usual = of_name["value"][periods == "reference"].mean()
            here = of_name[periods == "analysis"]
            constant = ", none in train" if usual == here["upper_threshold"].iloc[0] else ""
            scores.add(name, f"{test}, {chunks}{constant}", of_column(here, usual))


def suspect(pair, scores):
    numeric = [name for name in pair.both if pair.train[name].dtype.kind in "iuf"]
    text = [name for name in pair.both if pair.train[name].dtype.kind == "O"]
    tests = [
        ("drift of numbers", UnivariateDriftCalculator, numeric, CHUNKERS),
        ("drift of categories", UnivariateDriftCalculator, text, CHUNKERS),
        ("missing", MissingValuesCalculator, numeric + text, ["whole"]),
        ("out of range", NumericalRangeCalculator, numeric, ["whole"]),
        ("unseen", UnseenValuesCalculator, text, ["whole"]),
    ]
    for test, calculator, columns, chunked in tests:
        if columns:
            calculated(calculator(column_names=columns), pair, columns, test, chunked, scores)


if __name__ == "__main__":
    ask("nannyml", suspect)
