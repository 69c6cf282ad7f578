"""Runs one tool with a guard that was written for it on some CSVs.

Usage: real_tools.py TOOL GUARD CSV... For each CSV it prints its name behind "==", a line for each broken rule, and whether the
tool says "passes" or "fails". Ends with 3 when the tool is not installed; any other code but 0 is an error of the guard or of
this script.
"""

import importlib.util
import json
import os
import pathlib
import sys
import tempfile


def great_expectations(guard, csv):
    import great_expectations as gx
    import pandas as pd

    context = gx.get_context(mode="ephemeral")
    suite = context.suites.add(gx.ExpectationSuite(**json.loads(pathlib.Path(guard).read_text())))
    asset = context.data_sources.add_pandas("guarded").add_dataframe_asset("batch")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": pd.read_csv(csv)})
    result = batch.validate(suite)
    assert len(result.results) == len(suite.expectations) > 0
    for one in result.results:
        if not one.success:
            config = one.expectation_config
            print("broken:", config.type, config.kwargs.get("column"), one.result.get("observed_value"))
            exceptions = json.dumps(one.exception_info, default=str)
            print("exception:", exceptions[-400:]) if '"raised_exception": true' in exceptions else None
    return result.success


def pandera(guard, csv):
    import pandas as pd
    import pandera.errors

    spec = importlib.util.spec_from_file_location("mismatch_guard", guard)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.schema.columns
    try:
        module.schema.validate(pd.read_csv(csv), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        print("broken:", errors.failure_cases[["column", "check"]].drop_duplicates().to_string())
        return False
    return True


def dbt(guard, csv):
    from dbt.cli.main import dbtRunner

    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        (project / "models").mkdir()
        (project / "tests").mkdir()
        (project / "dbt_project.yml").write_text("name: guarded\nversion: '1.0'\nprofile: guarded\n")
        (project / "profiles.yml").write_text(
            "guarded: {target: here, outputs: {here: {type: duckdb, path: '%s/here.db'}}}\n" % folder
        )
        (project / "models" / "batch.sql").write_text(f"select * from read_csv('{csv}')\n")
        (project / "tests" / "mismatch_guard.sql").write_text(pathlib.Path(guard).read_text())
        places = ["--project-dir", folder, "--profiles-dir", folder, "--quiet"]
        result = dbtRunner().invoke(["build", *places, "--vars", "{mismatch_model: batch}", "--store-failures"])
        if result.exception:
            raise result.exception
        statuses = {str(one.node.resource_type): str(one.status) for one in result.result.results}
        if statuses.get("test") == "fail":
            test = next(one.node for one in result.result.results if str(one.node.resource_type) == "test")
            import duckdb

            with duckdb.connect(f"{folder}/here.db") as database:
                for rule, measured in database.sql(f"select * from {test.relation_name}").fetchall():
                    print("broken:", rule, measured)
    assert statuses["model"] == "success" and statuses["test"] in ("pass", "fail"), statuses
    return statuses["test"] == "pass"


def tfdv(guard, csv):
    import tensorflow_data_validation

    schema = tensorflow_data_validation.load_schema_text(guard)
    assert len(schema.feature) > 0
    statistics = tensorflow_data_validation.generate_statistics_from_csv(csv)
    anomalies = tensorflow_data_validation.validate_statistics(statistics, schema)
    for name, info in anomalies.anomaly_info.items():
        print("broken:", name, info.short_description)
    return not anomalies.anomaly_info and not anomalies.HasField("dataset_anomaly_info")


def odcs(guard, csv):
    from datacontract.data_contract import DataContract

    server = f"servers:\n  - server: here\n    type: local\n    path: '{csv}'\n    format: csv\n    delimiter: ','\n"
    run = DataContract(data_contract_str=pathlib.Path(guard).read_text() + server, server="here").test()
    for check in run.checks:
        if check.result != "passed":
            print("broken:", check.result, check.field, check.name, check.reason)
    assert len(run.checks) > 5 and str(run.result.value) in ("passed", "failed"), run.result
    return str(run.result.value) == "passed"


NEEDS = {
    "great_expectations": ["great_expectations", "pandas"],
    "pandera": ["pandera", "pandas"],
    "dbt": ["dbt.cli", "dbt.adapters.duckdb"],
    "tfdv": ["tensorflow_data_validation"],
    "odcs": ["datacontract"],
}


def is_installed(module):
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


if __name__ == "__main__":
    tool, guard, *csvs = sys.argv[1:]
    missing = [module for module in NEEDS[tool] if not is_installed(module)]
    if missing:
        print("not installed:", ", ".join(missing))
        sys.exit(3)
    for csv in csvs:
        print("==", pathlib.Path(csv).stem)
        print("passes" if globals()[tool](guard, csv) else "fails", flush=True)
