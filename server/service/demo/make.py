"""Makes the demo's five files from NannyML's synthetic car-loan data set (see README.md beside this file).

    python make.py car_loan_reference.parquet .

A gradient-boosted classifier is really trained; the one fault is made on purpose: at serving, `car_value` arrives in
thousands of euro, and the model answers what it answers to such rows.
"""
import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import cross_val_predict

SOURCE, FOLDER = sys.argv[1:3]
NUMBERS = ["car_value", "debt_to_income_ratio", "loan_length", "driver_tenure"]
CATEGORIES = ["salary_range", "repaid_loan_on_prev_car", "size_of_downpayment"]
FEATURES = NUMBERS + CATEGORIES


def dated(rows, start, days, seed):
    """The rows in time order over a stretch of days, busier by day than by night."""
    random = np.random.default_rng(seed)
    day = random.integers(0, days, len(rows))
    hour = np.clip(random.normal(14, 4, len(rows)), 0, 23.99)
    seconds = np.sort(day * 86_400 + (hour * 3_600).astype(int))
    rows = rows.reset_index(drop=True).copy()
    rows["event_time"] = pd.Timestamp(start) + pd.to_timedelta(seconds, unit="s")
    return rows


def coded(rows):
    table = rows[FEATURES].copy()
    for name in CATEGORIES:
        table[name] = pd.Categorical(table[name].astype(str), categories=LEVELS[name])
    return table


def answered(model, rows, given):
    rows = rows.copy()
    rows["score"] = np.round(model.predict_proba(given)[:, 1], 4)
    rows["approved"] = (rows["score"] >= 0.5).astype(int)
    return rows


source = pd.read_parquet(SOURCE).sample(frac=1.0, random_state=20)
source["application_id"] = np.arange(len(source)) + 700_000
source = source[["application_id", *FEATURES, "repaid"]]
source["repaid"] = source["repaid"].astype(int)
LEVELS = {name: sorted(source[name].astype(str).unique()) for name in CATEGORIES}
train, validation, test, serve = (source.iloc[a:b] for a, b in [(0, 6000), (6000, 8000), (8000, 10000), (10000, 14000)])
train = dated(train, "2026-01-05", 56, 1)
validation = dated(validation, "2026-03-02", 7, 2)
test = dated(test, "2026-03-09", 7, 3)
serve = dated(serve, "2026-03-20", 7, 4)

settings = dict(categorical_features=CATEGORIES, learning_rate=0.08, max_iter=120, early_stopping=False, random_state=0)
model = HistGradientBoostingClassifier(**settings).fit(coded(train), train["repaid"])

out_of_fold = cross_val_predict(HistGradientBoostingClassifier(**settings), coded(train), train["repaid"], cv=5, method="predict_proba")
train["score"] = np.round(out_of_fold[:, 1], 4)
train["approved"] = (train["score"] >= 0.5).astype(int)

repaired = answered(model, serve, coded(serve))[["application_id", "score", "approved"]]
serve["car_value"] = (serve["car_value"] / 1000).round(3)
serve = answered(model, serve, coded(serve))

runs = []
for split, rows in [("train", train), ("validation", validation), ("test", test)]:
    if split != "train":
        rows = answered(model, rows, coded(rows))
    runs.append(rows.assign(split=split, model_version="v3"))
predictions = pd.concat(runs)

curve = []
staged = zip(model.staged_predict_proba(coded(train)), model.staged_predict_proba(coded(validation)))
for number, (of_train, of_validation) in enumerate(staged, start=1):
    curve.append(
        dict(
            round=number,
            train_loss=log_loss(train["repaid"], of_train),
            val_loss=log_loss(validation["repaid"], of_validation),
            train_accuracy=accuracy_score(train["repaid"], of_train[:, 1] >= 0.5),
            val_accuracy=accuracy_score(validation["repaid"], of_validation[:, 1] >= 0.5),
        )
    )

serve["model_version"] = "v3"
first = ["application_id", "event_time"]
for name, table in [("train", train), ("serve", serve), ("predictions", predictions)]:
    table = table[first + [column for column in table.columns if column not in first]]
    table.to_parquet(f"{FOLDER}/{name}.parquet", index=False, compression="zstd")
    accuracy = (table["approved"] == table["repaid"]).mean()
    print(name, table.shape, "accuracy", round(accuracy, 4), "approved", round(table["approved"].mean(), 4))
repaired.to_parquet(f"{FOLDER}/repaired_predictions.parquet", index=False, compression="zstd")
pd.DataFrame(curve).round(6).to_csv(f"{FOLDER}/learning_curve.csv", index=False)
print(pd.DataFrame(curve).iloc[[0, 20, 60, -1]])
