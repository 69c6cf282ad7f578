"""A DAG of Airflow 3 (or 2.4 and later) that stops what comes after it when served data no longer agree with training."""

import pendulum
from airflow.decorators import dag, task
from airflow.exceptions import AirflowFailException


@dag(schedule="@daily", start_date=pendulum.datetime(2026, 1, 1, tz="UTC"), catchup=False)
def mismatch_gate():
    @task
    def gate(train: str, served: str, baseline: str):
        import shutil
        import subprocess

        out = "/tmp/mismatch-report"
        environment = {"MISMATCH_OUT": out, "MISMATCH_AGAINST": baseline, "PATH": "/usr/local/bin:/usr/bin:/bin"}
        command = ["/opt/mismatch/gate.sh", "--train", train, "--serve", served]
        code = subprocess.run(command, env=environment, check=False).returncode
        with open(f"{out}/comment.md", encoding="utf-8") as report:
            text = report.read()
        if code != 2:
            shutil.copy(f"{out}/mismatch.json", baseline)
        if code != 0:
            # Not retried: the same data would give the same answer.
            raise AirflowFailException(text)

    gate("/data/train.parquet", "/data/served/{{ ds }}.parquet", "/data/mismatch.json")


mismatch_gate()
