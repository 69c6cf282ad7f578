"""Which columns Deepchecks' drift and category checks flag in each case of a corpus: python deepchecks_cases.py FOLDER"""
import warnings

from deepchecks.tabular import Dataset
from deepchecks.tabular.checks import FeatureDrift, LabelDrift, NewCategoryTrainTest

from cases import ask

warnings.filterwarnings("ignore")
# The default of the checks' own conditions.
DRIFT = 0.2


def flagged(train, serve, both, roles):
    """Columns over the default conditions."""
    label = roles.get("label") if roles.get("label") in both else None
    text = [name for name in both if train[name].dtype.kind not in "iufM" and name != label]
    made = [Dataset(table[both], label=label, cat_features=text) for table in (train, serve)]
    columns = set()
    for name, value in FeatureDrift().run(*made).value.items():
        if value and value["Drift score"] is not None and value["Drift score"] > DRIFT:
            columns.add(name)
    if label and (LabelDrift().run(*made).value["Drift score"] or 0) > DRIFT:
        columns.add(label)
    if text:
        fresh = NewCategoryTrainTest().run(*made).value
        columns.update(fresh[fresh["# New Categories"] > 0].index if hasattr(fresh, "index") else fresh)
    return columns


ask("deepchecks", flagged)
