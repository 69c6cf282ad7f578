"""How often a faulty column is flagged, by Mismatch and by other tools at the same rate of false alarms, in Markdown.

Each kind of test of a tool has a limit of its own here. They are moved together to the strictest that keeps the tool's
alarms on clean pairs at or below those of Mismatch. They are fitted to the same clean pairs that they are counted on,
which favours the other tools; Mismatch is shown as it is, and with its own limits moved in the same way.
"""
import json
import math
from collections import defaultdict
from typing import NamedTuple

from pyarrow.parquet import ParquetFile

from cases import arguments, between_train_and_serve, cases

TOOLS = {
    "Evidently": ["evidently"],
    "Deepchecks": ["deepchecks", "deepchecks_models"],
    "NannyML": ["nannyml"],
}
VERDICTS = {"mismatch": 2, "possible": 1}
# Where no clean pair has a score there is nothing to move a limit by.
DEFAULT = 1.0


class Case(NamedTuple):
    name: str
    kind: str | None
    columns: list
    step: dict


class Tool:
    """What a tool says of each case, and the limits it is held to."""

    default = DEFAULT
    of = "scores"

    def __init__(self, folder, files):
        self.said = {}
        self.failed = {}
        for file in files:
            path = folder / f"{file}.json"
            told = json.loads(path.read_text()) if path.exists() else {}
            for case, answer in told.items():
                scores = self.said.setdefault(case, {})
                for column, tests in answer[self.of].items():
                    scores.setdefault(column, {}).update(tests)
                if "failed" in answer:
                    self.failed[case] = answer["failed"]
        self.limits = defaultdict(lambda: self.default)

    def over(self, case, columns=None):
        """The tests that are over their limit on any of the columns, or on any at all."""
        of_case = self.said.get(case.name, {})
        asked = of_case if columns is None else columns
        tests = (told for column in asked for told in of_case.get(column, {}).items())
        return sorted({test for test, score in tests if score > self.limits[test]})

    def alarms(self, clean):
        return sum(bool(self.over(case)) for case in clean)

    def alarms_held_out(self, clean, allowed):
        """Alarms on each half of the clean pairs with the limits of the other half."""
        halves = clean[::2], clean[1::2]
        alarms = 0
        for fitted, counted in (halves, halves[::-1]):
            self.level(fitted, allowed // 2)
            alarms += self.alarms(counted)
        return alarms

    def loudest(self, clean):
        """The scores of each kind of test on the clean pairs, largest first."""
        largest = defaultdict(list)
        for case in clean:
            of_case = defaultdict(lambda: -math.inf)
            for tests in self.said.get(case.name, {}).values():
                for test, score in tests.items():
                    of_case[test] = max(of_case[test], score)
            for test, score in of_case.items():
                largest[test].append(score)
        return {test: sorted(scores, reverse=True) for test, scores in largest.items()}

    def level(self, clean, allowed):
        """Moves the limits so that at most so many clean pairs raise an alarm."""
        loudest = self.loudest(clean)
        self.limits.clear()
        for count in range(allowed, -1, -1):
            for test, scores in loudest.items():
                self.limits[test] = scores[count] if count < len(scores) else min(scores)
            if self.alarms(clean) <= allowed:
                return


class Mismatch(Tool):
    def at(self, verdict):
        """A verdict is flagged from itself upwards."""
        self.limits = defaultdict(lambda: VERDICTS[verdict] - 0.5)
        return self


class Moved(Tool):
    """Mismatch by the strength of what it finds: where no clean pair has a finding of a check, each one of it counts."""

    default = -math.inf
    of = "strengths"


def read(given):
    for name, folder, truth in cases(given):
        if not between_train_and_serve(truth):
            continue
        if not truth["fault"] and rows(folder / truth["files"]["current"]) < given.least:
            continue
        yield Case(name, truth.get("check") if truth["fault"] else None, truth["columns"], truth.get("step") or {})


def rows(path):
    return ParquetFile(path).metadata.num_rows


def share(some, found):
    """The per cent of the cases that are found."""
    return f"{100 * sum(case.name in found for case in some) / max(len(some), 1):.0f}"


def both_verdicts(some, ours, likely):
    return f"{share(some, ours)} ({share(some, likely)})"


def by_kind(faulty):
    kinds = defaultdict(list)
    for case in faulty:
        kinds[case.kind].append(case)
    return sorted(kinds.items())


def by_step(of_kind):
    steps = defaultdict(list)
    for case in of_kind:
        steps[case.step.get("measure"), case.step.get("magnitude")].append(case)
    return steps.items()


def found_by(tool, some):
    """The cases in which a faulty column is flagged, and by which tests."""
    return {case.name: tests for case in some if (tests := tool.over(case, case.columns))}


def table(head, rows):
    print(f"\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def strengths(groups, ours, likely, strong, theirs):
    """A row for each step of each kind: theirs is a share for each tool."""
    for kind, of_kind in groups:
        for (measure, magnitude), some in by_step(of_kind):
            strength = f"{measure} {magnitude:g}" if measure else ""
            others = [share(some, found) for found in theirs]
            yield [kind, strength, str(len(some)), both_verdicts(some, ours, likely), share(some, strong), *others]


def named(files, given, groups):
    """How often Mismatch names the cause first, and that on a right column."""
    causes = json.loads((given.folder / "faults/causes.json").read_text())
    said = json.loads(files.read_text())
    for kind, of_kind in groups:
        first = [(case, suspects[0]) for case in of_kind if (suspects := said[case.name].get("suspects"))]
        right = [(case, suspect) for case, suspect in first if suspect["cause"] in causes.get(kind, [kind])]
        placed = {case.name for case, suspect in right if set(suspect["columns"]) & set(case.columns)}
        yield [kind, str(len(of_kind)), share(of_kind, {case.name for case, _ in right}), share(of_kind, placed)]


def cases_missed(kind, name, of_kind, found, ours, likely):
    """The cases that a tool finds and Mismatch does not, step by step."""
    steps = []
    for (measure, magnitude), some in by_step(of_kind):
        missed = [case.name for case in some if case.name in found and case.name not in ours]
        if missed:
            told = [f"{case} (possible)" if case in likely else case for case in missed]
            steps.append(f"{measure} {magnitude:g}: {', '.join(told)}" if measure else ", ".join(told))
    if steps:
        mine, theirs = (len({case.name for case in of_kind} & some.keys()) for some in (ours, found))
        tests = sorted({test for case in of_kind if case.name not in ours for test in found.get(case.name, [])})
        print(f"- {kind}: {name} {theirs}, Mismatch {mine} of {len(of_kind)}. {'; '.join(steps)}. By {', '.join(tests)}")


def main():
    given = arguments(
        ours={"default": "mismatch", "help": "the answers of Mismatch, as named by mismatch_cases.py"},
        at={"default": "mismatch", "choices": list(VERDICTS), "help": "the verdict that counts"},
        least={"default": 0, "type": int, "help": "rows of the smallest clean pair that counts"},
    )
    folder = given.out or given.folder
    mismatch = Mismatch(folder, [given.ours])
    tools = {name: Tool(folder, files) for name, files in TOOLS.items()}
    tools = {name: tool for name, tool in tools.items() if tool.said}
    told = [case for case in read(given) if all(case.name in tool.said for tool in [mismatch, *tools.values()])]
    clean, faulty = ([case for case in told if (case.kind is None) == is_clean] for is_clean in (True, False))
    groups = by_kind(faulty)

    alarms = {verdict: mismatch.at(verdict).alarms(clean) for verdict in VERDICTS}
    likely = found_by(mismatch.at("possible"), faulty)
    ours = found_by(mismatch.at(given.at), faulty)
    rates = ", ".join(f"{count} at {verdict}" for verdict, count in alarms.items())
    print(f"{len(faulty)} pairs with one fault, {len(clean)} clean ones. Clean pairs accused by Mismatch: {rates}.")
    default, levelled = {}, {}
    for name, tool in tools.items():
        default[name] = found_by(tool, faulty)
        before = tool.alarms(clean)
        held_out = tool.alarms_held_out(clean, alarms[given.at])
        tool.level(clean, alarms[given.at])
        levelled[name] = found_by(tool, faulty)
        print(
            f"{name}: {before} at its defaults, {tool.alarms(clean)} as moved ({held_out} where the limits come from "
            f"the other half of the pairs); failed on {len(tool.failed)} cases."
        )

    print(f"\n## A faulty column is flagged, in per cent of the cases\n\nMismatch at {given.at} (at possible).")
    head = ["fault", "cases", "Mismatch", "Mismatch, moved"]
    heads = [*head, *(f"{name}, {where}" for name in tools for where in ("defaults", "moved"))]
    rows = []
    for kind, some in [*groups, ("all", faulty)]:
        row = [kind, str(len(some)), both_verdicts(some, ours, likely), share(some, strong)]
        for name in tools:
            row += [share(some, found[name]) for found in (default, levelled)]
        rows.append(row)
    table(heads, rows)

    print("\n## By strength, the other tools as moved")
    table(["fault", "strength", *head[1:], *tools], strengths(groups, ours, likely, strong, levelled.values()))

    print("\n## Kinds that another tool finds more often at the same rate of false alarms\n")
    better = []
    for kind, of_kind in groups:
        mine = len({case.name for case in of_kind} & ours.keys())
        for name, found in levelled.items():
            if len({case.name for case in of_kind} & found.keys()) > mine:
                better.append((kind, name))
                cases_missed(kind, name, of_kind, found, ours, likely)
    print("\n## Other cases that another tool finds and Mismatch does not\n")
    for kind, of_kind in groups:
        for name, found in levelled.items():
            if (kind, name) not in better:
                cases_missed(kind, name, of_kind, found, ours, likely)

    print("\n## The cause named first by Mismatch, in per cent of the cases")
    table(["fault", "cases", "cause", "and a right column"], named(folder / f"{given.ours}.json", given, groups))

    print("\n## Limits as moved, 1 at the tool's default")
    levelled_by_us = {"Mismatch": moved, **tools}.items()
    limits = [(name, test, limit) for name, tool in levelled_by_us for test, limit in sorted(tool.limits.items())]
    table(["tool", "test", "limit"], [[name, test, f"{limit:.3g}"] for name, test, limit in limits])

    failures = [(name, case, why) for name, tool in tools.items() for case, why in tool.failed.items()]
    if failures:
        print("\n## Failures\n")
        for name, case, why in failures:
            print(f"- {name} {case}: {why}")


if __name__ == "__main__":
    main()
