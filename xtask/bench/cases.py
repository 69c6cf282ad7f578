"""Asks a tool how suspicious each column is in each case of a corpus, and writes the answers beside the corpus.

A score is relative to the default limit of the tool's own test: anything above 1 is flagged. A tool with several kinds
of tests gives one score for each, so that their limits can be moved apart.
"""
import argparse
import json
import math
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pandas as pd

# A test that says yes or no has no limit to move.
CERTAIN = 1e6
# A limit of 0 can't be divided by: what is above it starts here.
ABOVE_ZERO = 1.0
SPLITS = {"row_overlap", "entity_overlap", "time_overlap"}


def by_p_value(p, limit):
    """1 at the limit of a test whose p-value is small where something is wrong."""
    return math.log(max(p, 1e-300)) / math.log(limit)


def by_distance(value, limit):
    """1 at the limit of a distance or share; with a limit of 0, more than 1 for anything at all."""
    if limit > 0:
        return value / limit
    return ABOVE_ZERO + value if value > 0 else 0.0


class Scores(dict):
    """The largest score of each test for each column."""

    def add(self, column, test, score):
        if column is not None and score is not None and math.isfinite(score):
            of_column = self.setdefault(column, {})
            of_column[test] = max(of_column.get(test, -math.inf), float(score))

    def flagged(self):
        return sorted(column for column, tests in self.items() if max(tests.values()) > 1)


def arguments(**more):
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tables", nargs="*", help="only these, where train and serve differ by one fault or by none")
    parser.add_argument("--kinds", nargs="*", help="only these kinds of fault, and clean pairs")
    parser.add_argument("--out", type=Path, help="the folder to write into, if not the corpus")
    for name, settings in more.items():
        parser.add_argument(f"--{name}", **settings)
    return parser.parse_args()


def between_train_and_serve(truth):
    """Whether a case is a comparison of train and serve with at most one fault."""
    serve = truth["files"]["current"].startswith("serve")
    return serve and "second" not in truth and truth.get("check") not in SPLITS


def cases(given):
    """Name, folder and truth of each case that is asked for."""
    for path in sorted((given.folder / "faults").glob("*/*/truth.json")):
        if given.tables and path.parent.parent.name not in given.tables:
            continue
        truth = json.loads(path.read_text())
        if given.kinds and truth["fault"] and truth["check"] not in given.kinds:
            continue
        if not given.tables or between_train_and_serve(truth):
            yield f"{path.parent.parent.name}/{path.parent.name}", path.parent, truth


def comparable(train, serve):
    """The columns a drift check can compare, and those flagged by being on one side only or by another type."""
    both = [name for name in train.columns if name in serve.columns]
    one_sided = {name for name in [*train.columns, *serve.columns] if name not in both}
    mixed = {name for name in both if (train[name].dtype.kind in "iuf") != (serve[name].dtype.kind in "iuf")}
    return [name for name in both if name not in mixed], one_sided | mixed


def read(path, roles):
    """A table in the order of its time."""
    table = pd.read_parquet(path)
    moment = roles.get("timestamp")
    if moment in table:
        table = table.sort_values(moment, kind="stable", ignore_index=True)
    return table


class Pair(NamedTuple):
    """Two tables without what only names a row or its time, the columns to compare, and the tables as they are."""

    train: pd.DataFrame
    serve: pd.DataFrame
    both: list
    label: str | None
    id: str | None
    whole: tuple


def compare(tool, train, serve, roles, scores):
    """Adds what a tool says of two tables."""
    names = [roles.get(role) for role in ("id", "timestamp")]
    bare = [table.drop(columns=[name for name in names if name in table]) for table in (train, serve)]
    both, by_schema = comparable(*bare)
    for name in by_schema:
        scores.add(name, "schema", CERTAIN)
    label, ident = roles.get("label"), roles.get("id")
    ident = ident if ident in train and ident in serve else None
    tool(Pair(*bare, both, label if label in both else None, ident, (train, serve)), scores)


def write(tool, given, said):
    (given.out or given.folder).mkdir(parents=True, exist_ok=True)
    ((given.out or given.folder) / f"{tool}.json").write_text(json.dumps(said))


def ask(name, tool):
    """`tool` takes a pair and the scores to add to."""
    given = arguments()
    said = {}
    for case, folder, truth in cases(given):
        files, roles = truth["files"], truth["roles"]
        serve = read(folder / files["current"], roles)
        scores = Scores()
        start = time.perf_counter()
        try:
            # Features computed again offline are one more reference for the same serving rows.
            for side in ("reference", "offline"):
                if side in files:
                    compare(tool, read(folder / files[side], roles), serve, roles, scores)
        except Exception as error:
            print(f"{case}: {type(error).__name__}: {error}", file=sys.stderr)
            said[case] = {"flagged": scores.flagged(), "scores": scores, "failed": f"{type(error).__name__}: {error}"}
        else:
            said[case] = {"flagged": scores.flagged(), "scores": scores}
        said[case]["seconds"] = time.perf_counter() - start
        if len(said) % 50 == 0:
            write(name, given, said)
    write(name, given, said)
