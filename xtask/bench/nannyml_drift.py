"""NannyML's univariate drift on two Parquet files: python nannyml_drift.py TRAIN SERVE"""
import os
import sys

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
import pandas as pd  # noqa: E402
from nannyml import UnivariateDriftCalculator  # noqa: E402

train, serve = (pd.read_parquet(path) for path in sys.argv[1:3])
columns = [name for name in train.columns if name in serve.columns and train[name].dtype.kind != "M"]
UnivariateDriftCalculator(column_names=columns).fit(train).calculate(serve).to_df()
