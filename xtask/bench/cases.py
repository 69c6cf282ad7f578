"""Asks a tool which columns it flags in each case of a corpus, and writes the answers beside the corpus."""
import json
import sys
import time
from pathlib import Path

import pandas as pd


def comparable(train, serve):
    """The columns a drift check can compare, and those flagged by being on one side only or by another type."""
    both = [name for name in train.columns if name in serve.columns]
    one_sided = {name for name in [*train.columns, *serve.columns] if name not in both}
    mixed = {name for name in both if (train[name].dtype.kind in "iuf") != (serve[name].dtype.kind in "iuf")}
    return [name for name in both if name not in mixed], one_sided | mixed


def ask(tool, flagged):
    """`flagged` takes train, serve, the columns to compare and the roles, and gives the columns that the tool flags."""
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
            both, by_schema = comparable(train, serve)
            columns = sorted({*by_schema, *flagged(train, serve, both, truth["roles"])})
        except Exception as error:
            print(f"{path.parent.name}: {type(error).__name__}: {error}", file=sys.stderr)
            continue
        said[f"{path.parent.parent.name}/{path.parent.name}"] = {
            "flagged": columns,
            "seconds": time.perf_counter() - start,
        }
    (folder / f"{tool}.json").write_text(json.dumps(said))
