"""An asset check of Dagster: an asset of served rows is blocked when it no longer agrees with training."""

import json
import os
import subprocess

import dagster


@dagster.asset_check(asset="served_rows", blocking=True)
def agrees_with_training() -> dagster.AssetCheckResult:
    out = "/tmp/mismatch-report"
    command = ["/opt/mismatch/gate.sh", "--train", "/data/train.parquet", "--serve", "/data/served.parquet"]
    code = subprocess.run(command, env={**os.environ, "MISMATCH_OUT": out}, check=False).returncode
    if code == 2:
        raise dagster.Failure("An input of mismatch can't be used; its error output says which.")
    with open(f"{out}/mismatch.json", encoding="utf-8") as file:
        suspects = json.load(file)["suspects"]
    prime = suspects[0]["statement"] if suspects else "no suspect"
    return dagster.AssetCheckResult(passed=code == 0, metadata={"prime suspect": prime, "report": f"{out}/mismatch.html"})
