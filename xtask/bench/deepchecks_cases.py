"""Which columns Deepchecks' drift and category checks flag in each case of a corpus: python deepchecks_cases.py FOLDER"""
import json
import sys
import time
import warnings
from pathlib import Path

import pandas as pd
from deepchecks.tabular import Dataset
from deepchecks.tabular.checks import FeatureDrift, LabelDrift, NewCategoryTrainTest

warnings.filterwarnings("ignore")
# The default of the checks' own conditions.
DRIFT = 0.2


def flagged(train, serve, roles):
    """Columns over the default conditions; columns that only one side has, or that changed their type, are flagged by that."""
    both = [name for name in train.columns if name in serve.columns]
    one_sided = [name for name in [*train.columns, *serve.columns] if name not in both]
    mixed = [name for name in both if (train[name].dtype.kind in "iuf") != (serve[name].dtype.kind in "iuf")]
    both = [name for name in both if name not in mixed]
    label = roles.get("label") if roles.get("label") in both else None
    text = [name for name in both if train[name].dtype.kind not in "iufM" and name != label]
    made = [Dataset(table[both], label=label, cat_features=text) for table in (train, serve)]
    columns = {*one_sided, *mixed}
    for name, value in FeatureDrift().run(*made).value.items():
        if value and value["Drift score"] is not None and value["Drift score"] > DRIFT:
            columns.add(name)
    if label and (LabelDrift().run(*made).value["Drift score"] or 0) > DRIFT:
        columns.add(label)
    if text:
        fresh = NewCategoryTrainTest().run(*made).value
        columns.update(fresh[fresh["# New Categories"] > 0].index if hasattr(fresh, "index") else fresh)
    return sorted(columns)


folder = Path(sys.argv[1])
said = {}
for path in sorted((folder / "faults").glob("*/*/truth.json")):
    truth = json.loads(path.read_text())
    train, serve = (pd.read_parquet(path.parent / truth["files"][side]) for side in ("reference", "current"))
    # What only names a row or its time is not given to a drift check.
    names = [truth["roles"].get(role) for role in ("id", "timestamp")]
    train, serve = (table.drop(columns=[name for name in names if name in table]) for table in (train, serve))
    start = time.perf_counter()
    try:
        columns = flagged(train, serve, truth["roles"])
    except Exception as error:
        print(f"{path.parent.name}: {type(error).__name__}: {error}", file=sys.stderr)
        continue
    said[f"{path.parent.parent.name}/{path.parent.name}"] = {
        "flagged": columns,
        "seconds": time.perf_counter() - start,
    }
(folder / "deepchecks.json").write_text(json.dumps(said))
