"""What Mismatch says of each case of a corpus: python mismatch_cases.py FOLDER --binary PATH"""
import json
import subprocess
import time

from cases import CERTAIN, Scores, arguments, by_p_value, cases, write

VERDICTS = {"mismatch": 2, "possible": 1}
# The q under which an effect is certain enough to act on (CERTAINTY in the table of thresholds).
CERTAINTY = 0.0001
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


def strength(finding):
    """How far a finding is over its limits, 1 at both: the smaller of its size and of its certainty, as both are needed."""
    effect, certainty = finding["effect"], finding["certainty"]
    size = abs(effect["value"])
    if effect["name"] == "ratio" and size > 0:
        size = max(size, 1 / size)
    size = size / effect["threshold"] if effect["threshold"] > 0 else size
    sure = CERTAIN if certainty["name"] == "exact" else by_p_value(certainty["value"], CERTAINTY)
    return min(size, sure)


def answer(binary, folder, truth):
    """Scores by verdict, strengths, and the suspects in their order."""
    start = time.perf_counter()
    told = subprocess.run(command(binary, folder, truth), capture_output=True, text=True)
    seconds = time.perf_counter() - start
    scores, strengths = Scores(), Scores()
    if not told.stdout.startswith("{"):
        return {"flagged": [], "scores": scores, "strengths": strengths, "failed": told.stderr.strip()[:300], "seconds": seconds}
    told = json.loads(told.stdout)
    # What stood before in both tables does not say what differs.
    for finding in (one for one in told["findings"] if not one.get("standing")):
        # What is said of a whole table counts as an alarm too.
        for column in finding["columns"] or [""]:
            if finding["verdict"] in VERDICTS:
                scores.add(column, finding["detector"], VERDICTS[finding["verdict"]])
                strengths.add(column, finding["detector"], strength(finding))
    suspects = [{"cause": suspect["cause"], "columns": suspect["columns"]} for suspect in told["suspects"]]
    said = {"flagged": sorted(scores), "scores": scores, "strengths": strengths}
    return {**said, "suspects": suspects[:3], "seconds": seconds}


given = arguments(binary={"required": True}, name={"default": "mismatch"})
said = {}
for case, folder, truth in cases(given):
    said[case] = answer(given.binary, folder, truth)
write(given.name, given, said)
