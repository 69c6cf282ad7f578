"""What Mismatch says of each case of a corpus: python mismatch_cases.py FOLDER --binary PATH"""
import json
import subprocess
import time

from cases import Scores, arguments, cases, write

VERDICTS = {"mismatch": 2, "possible": 1}
ROLES = {"label": "--label", "id": "--id", "timestamp": "--time", "entity": "--group"}


def command(binary, folder, truth):
    files = {"--train": "reference", "--offline": "offline"}
    files["--serve" if truth["files"]["current"].startswith("serve") else "--test"] = "current"
    line = [binary, "diagnose", "--format", "json", "--fail-on", "never"]
    for option, side in files.items():
        if side in truth["files"]:
            line += [option, folder / truth["files"][side]]
    for role, option in ROLES.items():
        if truth["roles"].get(role):
            line += [option, truth["roles"][role]]
    return line


def answer(binary, folder, truth):
    """Scores by verdict, and the suspects in their order."""
    start = time.perf_counter()
    told = subprocess.run(command(binary, folder, truth), capture_output=True, text=True)
    seconds = time.perf_counter() - start
    scores = Scores()
    if not told.stdout.startswith("{"):
        return {"flagged": [], "scores": scores, "failed": told.stderr.strip()[:300], "seconds": seconds}
    told = json.loads(told.stdout)
    for finding in told["findings"]:
        # What is said of a whole table counts as an alarm too.
        for column in finding["columns"] or [""]:
            if finding["verdict"] in VERDICTS:
                scores.add(column, finding["detector"], VERDICTS[finding["verdict"]])
    suspects = [{"cause": suspect["cause"], "columns": suspect["columns"]} for suspect in told["suspects"]]
    return {"flagged": sorted(scores), "scores": scores, "suspects": suspects[:3], "seconds": seconds}


given = arguments(binary={"required": True}, name={"default": "mismatch"})
said = {}
for case, folder, truth in cases(given):
    said[case] = answer(given.binary, folder, truth)
write(given.name, given, said)
