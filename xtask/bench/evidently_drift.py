"""Evidently's drift preset on two Parquet files, as its documentation shows it: python evidently_drift.py TRAIN SERVE"""
import sys

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

train, serve = (pd.read_parquet(path) for path in sys.argv[1:3])
Report([DataDriftPreset()]).run(reference_data=train, current_data=serve).dict()
