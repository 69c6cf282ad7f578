"""Deepchecks' feature drift on two Parquet files: python deepchecks_drift.py TRAIN SERVE"""
import sys

import pandas as pd
from deepchecks.tabular import Dataset
from deepchecks.tabular.checks import FeatureDrift

train, serve = (pd.read_parquet(path) for path in sys.argv[1:3])
text = [name for name in train.columns if train[name].dtype.kind not in "iufM"]
roles = dict(label="label", index_name="row_id", datetime_name="event_time", cat_features=text)
FeatureDrift().run(Dataset(train, **roles), Dataset(serve, **roles))
