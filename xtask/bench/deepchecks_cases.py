"""How suspicious Deepchecks' checks of train against test find each column in each case of a corpus."""
import logging
import warnings

from deepchecks.tabular import Dataset
from deepchecks.tabular.checks import (
    DataDuplicates,
    FeatureDrift,
    LabelDrift,
    MixedDataTypes,
    MixedNulls,
    NewCategoryTrainTest,
    NewLabelTrainTest,
    PercentOfNulls,
    StringMismatchComparison,
)

from cases import ask, by_distance

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
# The defaults of the checks' own conditions.
DRIFT = 0.2
NULLS = 0.05
NULL_TYPES = 1
DUPLICATES = 0.05


def compared(check, made):
    return check.run(*made, with_display=False).value


def each(check, made):
    """What a check of one table says of train and of serve."""
    return [check.run(table, with_display=False).value for table in made]


def datasets(pair):
    """Train and serve as Deepchecks takes them, and which columns are text."""
    text = [name for name in pair.both if pair.train[name].dtype.kind not in "iufM" and name != pair.label]
    tables = (pair.train, pair.serve)
    return [Dataset(table[pair.both], label=pair.label, cat_features=text) for table in tables], text


def of_label(pair, made, scores):
    scores.add(pair.label, "drift", by_distance(compared(LabelDrift(), made)["Drift score"] or 0, DRIFT))
    if pair.train[pair.label].dtype.kind == "O":
        fresh = compared(NewLabelTrainTest(), made)
        scores.add(pair.label, "new labels", by_distance(fresh["n_new_labels_samples"] / fresh["n_samples"], 0))


def of_text(made, scores):
    for name, row in compared(NewCategoryTrainTest(), made).iterrows():
        scores.add(name, "new categories", by_distance(row["Ratio of New Categories"], 0))
    for name, variants in compared(StringMismatchComparison(), made).items():
        share = sum(variant["percent_variants_only_in_test"] for variant in variants.values())
        scores.add(name, "new variants", by_distance(share, 0))
    before, after = each(MixedDataTypes(), made)
    for name, mix in after.items():
        rarer = [min(side["strings"], side["numbers"]) if side else 0 for side in (before.get(name), mix)]
        scores.add(name, "mixed types", by_distance(max(rarer[1] - rarer[0], 0), 0))


def of_nulls(made, scores):
    before, after = (value["Percent of nulls in sample"] for value in each(PercentOfNulls(), made))
    for name, share in after.items():
        scores.add(name, "nulls", by_distance(abs(share - before[name]), NULLS))
    before, after = (value["columns"] for value in each(MixedNulls(), made))
    for name, kinds in after.items():
        if len(kinds) > max(len(before[name]), NULL_TYPES):
            share = sum(kinds[kind]["percent"] for kind in kinds if kind not in before[name])
            scores.add(name, "mixed nulls", by_distance(share, 0))


def suspect(pair, scores):
    made, text = datasets(pair)
    for name, value in compared(FeatureDrift(), made).items():
        if value and value["Drift score"] is not None:
            scores.add(name, "drift", by_distance(value["Drift score"], DRIFT))
    if pair.label:
        of_label(pair, made, scores)
    if text:
        of_text(made, scores)
    of_nulls(made, scores)
    if pair.id:
        whole = [Dataset(table, cat_features=[]) for table in pair.whole]
        before, after = each(DataDuplicates(), whole)
        scores.add(pair.id, "duplicates", by_distance(max(after - before, 0), DUPLICATES))


if __name__ == "__main__":
    ask("deepchecks", suspect)
