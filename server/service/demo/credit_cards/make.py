"""Makes the files of the example with credit cards (see README.md one folder up).

    python make.py FOLDER_OF_NANNYML_DATA FOLDER        (needs pandas and scikit-learn)

Two classifiers of three products are really trained. The one fault is made on purpose: after the release of 12 May one of two
replicas still serves the version before, whose codes of `acq_channel` are other ones.
"""
import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

SOURCE, FOLDER = sys.argv[1:3]
CATEGORIES = ["acq_channel", "app_channel"]
NUMBERS = ["app_behavioral_score", "requested_credit_limit", "credit_bureau_score", "stated_income", "is_customer"]
FEATURES = CATEGORIES + NUMBERS
CLASSES = ["prepaid_card", "highstreet_card", "upmarket_card"]

source = pd.read_csv(f"{SOURCE}/mc_reference.csv").sample(n=16_000, random_state=11).reset_index(drop=True)
source["app_behavioral_score"] = source["app_behavioral_score"].round(3)
source = source.rename(columns={"y_true": "product"})
source["request_id"] = [f"r{number:05d}" for number in range(len(source))]
levels = {name: sorted(source[name].unique()) for name in CATEGORIES}


def coded(rows):
    table = rows[FEATURES].copy()
    for name in CATEGORIES:
        table[name] = pd.Categorical(table[name], categories=levels[name])
    table["is_customer"] = table["is_customer"].astype(int)
    return table


def dated(rows, start, days, seed):
    random = np.random.default_rng(seed)
    seconds = np.sort(random.integers(0, days * 86_400, len(rows)))
    return rows.assign(requested_at=pd.Timestamp(start) + pd.to_timedelta(seconds, unit="s"))


train, test, served = source.iloc[:8_000], source.iloc[8_000:10_000], source.iloc[10_000:15_000]
train, test, served = dated(train, "2026-03-02", 56, 1), dated(test, "2026-04-27", 7, 2), dated(served, "2026-05-08", 12, 3)
settings = dict(categorical_features=CATEGORIES, learning_rate=0.1, max_iter=80, random_state=0)
new = HistGradientBoostingClassifier(**settings).fit(coded(train), train["product"])
# The version before knew the channels in another order.
mixed = train.assign(acq_channel=train["acq_channel"].map(dict(zip(levels["acq_channel"], np.roll(levels["acq_channel"], 1)))))
old = HistGradientBoostingClassifier(**settings).fit(coded(mixed), mixed["product"])


def answered(rows, model):
    probabilities = pd.DataFrame(model.predict_proba(coded(rows)), columns=model.classes_, index=rows.index)
    answers = rows.copy()
    for name in CLASSES:
        answers[f"proba_{name}"] = probabilities[name].round(3)
    answers["prediction"] = probabilities.idxmax(axis=1)
    return answers


random = np.random.default_rng(4)
is_old = (served["requested_at"] >= "2026-05-12 09:40") & (random.random(len(served)) < 0.5)
served = pd.concat([answered(served[~is_old], new), answered(served[is_old], old)]).sort_index()
served["model_version"] = np.where(is_old.loc[served.index], "v6", "v7")
test = answered(test, new)

latency = np.where(served["model_version"] == "v6", random.lognormal(3.6, 0.35, len(served)), random.lognormal(3.0, 0.3, len(served)))
log = pd.DataFrame(
    dict(
        timestamp=served["requested_at"], request_id=served["request_id"], model_version=served["model_version"],
        prediction=served["prediction"], confidence=served[[f"proba_{name}" for name in CLASSES]].max(axis=1),
        latency_ms=latency.round(1), status=np.where(random.random(len(served)) < 0.002, 500, 200),
    )
)
first = ["request_id", "requested_at", *FEATURES]
answers = [*(f"proba_{name}" for name in CLASSES), "prediction"]
tables = {
    "train": train[[*first, "product"]],
    "predictions": test[[*first, *answers, "product"]],
    "serve": served[[*first, *answers, "product"]],
    "serving_log": log,
}
for name, table in tables.items():
    table.to_parquet(f"{FOLDER}/{name}.parquet", index=False, compression="zstd")
    print(name, table.shape)
print("test", (test["prediction"] == test["product"]).mean())
print("served", (served["prediction"] == served["product"]).groupby(served["model_version"]).mean().to_dict())
