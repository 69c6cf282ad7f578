"""Which columns Evidently's drift preset flags in each case of a corpus: python evidently_cases.py FOLDER"""
import warnings

from evidently import Report
from evidently.presets import DataDriftPreset

from cases import ask

warnings.filterwarnings("ignore")


def flagged(train, serve, both, _roles):
    """Columns whose drift test fails."""
    report = Report([DataDriftPreset(columns=both)], include_tests=True)
    tests = report.run(reference_data=train[both], current_data=serve[both]).dict()["tests"]
    failed = [test["metric_config"]["params"].get("column") for test in tests if test["status"] == "FAIL"]
    return {name for name in failed if name}


ask("evidently", flagged)
