"""How suspicious Deepchecks' checks that fit models find each column: they take seconds for each case of a corpus."""
from deepchecks.tabular.checks import FeatureLabelCorrelationChange, MultivariateDrift

from cases import ask, by_distance
from deepchecks_cases import compared, datasets

# The defaults of the checks' own conditions.
DRIFT = 0.25
POWER_CHANGE = 0.2
POWER_IN_TRAIN = 0.7


def suspect(pair, scores):
    made, _ = datasets(pair)
    together = compared(MultivariateDrift(), made)
    drift = by_distance(together["domain_classifier_drift_score"], DRIFT)
    importance = together["domain_classifier_feature_importance"]
    largest = max(importance.values(), default=0)
    for name, of_column in importance.items():
        if largest > 0:
            scores.add(name, "multivariate drift", drift * of_column / largest)
    if pair.label:
        power = compared(FeatureLabelCorrelationChange(), made)
        for name, change in power["train-test difference"].items():
            scores.add(name, "change of predictive power", by_distance(abs(change), POWER_CHANGE))
        for name, of_column in power["train"].items():
            scores.add(name, "predictive power", by_distance(of_column, POWER_IN_TRAIN))


if __name__ == "__main__":
    ask("deepchecks_models", suspect)
