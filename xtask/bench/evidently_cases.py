"""Which columns Evidently's drift preset flags in each case of a corpus: python evidently_cases.py FOLDER"""
import json
import sys
import time
import warnings
from pathlib import Path

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

warnings.filterwarnings("ignore")


def flagged(train, serve):
    """Columns whose drift test fails; columns that only one side has, or that changed their type, are flagged by that."""
    both = [name for name in train.columns if name in serve.columns]
    one_sided = [name for name in [*train.columns, *serve.columns] if name not in both]
    # It stops at numbers that became text; that tells of them too.
    mixed = [name for name in both if (train[name].dtype.kind in "iuf") != (serve[name].dtype.kind in "iuf")]
    both = [name for name in both if name not in mixed]
    report = Report([DataDriftPreset(columns=both)], include_tests=True)
    tests = report.run(reference_data=train[both], current_data=serve[both]).dict()["tests"]
    failed = [test["metric_config"]["params"].get("column") for test in tests if test["status"] == "FAIL"]
    return sorted({*one_sided, *mixed, *(name for name in failed if name)})


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
        columns = flagged(train, serve)
    except Exception as error:
        print(f"{path.parent.name}: {type(error).__name__}: {error}", file=sys.stderr)
        continue
    said[f"{path.parent.parent.name}/{path.parent.name}"] = {
        "flagged": columns,
        "seconds": time.perf_counter() - start,
    }
(folder / "evidently.json").write_text(json.dumps(said))
