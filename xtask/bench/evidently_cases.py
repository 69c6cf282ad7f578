"""How suspicious Evidently's drift and summary tests find each column in each case of a corpus."""
import warnings

from evidently import Report
from evidently.metrics import (
    DuplicatedRowCount,
    MaxValue,
    MeanValue,
    MinValue,
    MissingValueCount,
    OutListValueCount,
    OutRangeValueCount,
    StdValue,
    ValueDrift,
    column_statistics,
)

from cases import ask, by_distance, by_p_value

warnings.filterwarnings("ignore")
# Its pictures take most of the time and are not looked at.
column_statistics.distribution = lambda *_, **__: []
column_statistics.ValueDriftCalculation._render = lambda *_, **__: []
# What its default tests allow, as a share of the reference's value.
TOLERANCE = 0.1
SUMMARIES = {
    MissingValueCount: "missing",
    DuplicatedRowCount: "duplicates",
    MinValue: "minimum",
    MaxValue: "maximum",
    MeanValue: "mean",
    StdValue: "deviation",
    OutRangeValueCount: "out of range",
    OutListValueCount: "new categories",
}


def run(metrics, train, serve):
    """Each metric with its value here and in the reference."""
    made = Report(metrics).run(reference_data=train, current_data=serve)
    for told in made.dict()["metrics"]:
        reference = made.context._reference_metrics.get(told["id"])
        yield told["config"], number(told["value"]), reference and number(reference.dict())


def number(value):
    """The share of a count, or the value itself."""
    if isinstance(value, dict):
        value = value.get("share", value.get("value"))
    return number(value) if isinstance(value, dict) else float(value)


def metrics_of(pair):
    """What the drift and the summary preset are made of, and tests of values that the reference does not have."""
    for name in pair.both:
        reference = pair.train[name].dropna()
        yield ValueDrift(column=name)
        yield MissingValueCount(column=name)
        if reference.dtype.kind in "iuf" and len(reference):
            for metric in (MinValue, MaxValue, MeanValue, StdValue):
                yield metric(column=name)
            yield OutRangeValueCount(column=name, left=float(reference.min()), right=float(reference.max()))
        elif reference.dtype.kind in "Ob":
            yield OutListValueCount(column=name, values=reference.unique().tolist())


def suspect(pair, scores):
    names = {f"evidently:metric_v2:{metric.__name__}": name for metric, name in SUMMARIES.items()}
    told = list(run(list(metrics_of(pair)), *(table[pair.both] for table in (pair.train, pair.serve))))
    # Where each row has an id of its own no row is doubled.
    if pair.id and any(table[pair.id].duplicated().any() for table in pair.whole):
        told += run([DuplicatedRowCount()], *pair.whole)
    for config, value, reference in told:
        column = config.get("column", pair.id)
        if config["type"].endswith("ValueDrift"):
            by = by_p_value if "p_value" in config["method"] else by_distance
            scores.add(column, config["method"], by(value, config["threshold"]))
        else:
            tolerance = TOLERANCE * abs(reference)
            test = names[config["type"]] + ("" if tolerance else ", none in train")
            scores.add(column, test, by_distance(abs(value - reference), tolerance))


if __name__ == "__main__":
    ask("evidently", suspect)
