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
    return max(relative(chunk["value"], chunk[side], usual) for _, chunk in chunks.iterrows() for side in sides)


def calculated(calculator, pair, columns, test, scores):
    calculator.fit(pair.train[columns])
    for chunked, chunker in CHUNKERS.items():
        calculator.chunker = chunker
        told = calculator.calculate(pair.serve[columns])
        after = told.filter(period="analysis").to_df()
        before = told.filter(period="reference").to_df()
        for name in columns:
            here, there = after[name], before[name]
            if here.columns.nlevels > 1:
                method = here.columns.get_level_values(0)[0]
                here, there = here[method], there[method]
            usual = there["value"].mean()
            constant = ", none in train" if usual == here["upper_threshold"].iloc[0] else ""
            scores.add(name, f"{test}, {chunked}{constant}", of_column(here, usual))


def suspect(pair, scores):
    numeric = [name for name in pair.both if pair.train[name].dtype.kind in "iuf"]
    text = [name for name in pair.both if pair.train[name].dtype.kind == "O"]
    tests = [
        ("drift of numbers", UnivariateDriftCalculator, numeric),
        ("drift of categories", UnivariateDriftCalculator, text),
        ("missing", MissingValuesCalculator, numeric + text),
        ("out of range", NumericalRangeCalculator, numeric),
        ("unseen", UnseenValuesCalculator, text),
    ]
    for test, calculator, columns in tests:
        if columns:
            calculated(calculator(column_names=columns), pair, columns, test, scores)


if __name__ == "__main__":
    ask("nannyml", suspect)
