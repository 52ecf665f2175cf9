"""`python -m benchmarks.hostile [--before COMMIT]`: the worst time of each pattern and reader at 1 MB."""

import argparse
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.hostile import watching
from benchmarks.hostile.trial import WHOLE

ROOT = Path(__file__).parents[2]
Results = dict[str, dict[str, Any]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--before", metavar="COMMIT", help="measure an earlier state of the app as well")
    arguments.add_argument("--least", type=float, default=0.0, help="leave out what took less seconds both times")
    given = arguments.parse_args()
    before = _at(given.before) if given.before else {}
    after = _measured(ROOT / "src")
    print(f"{'pattern or reader':<72} {'before':>16} {'after':>16}  worst shape")
    for name in sorted({*before, *after}, key=lambda name: -_seconds(before.get(name) or after[name])):
        old, new = before.get(name), after.get(name)
        if max(_seconds(old), _seconds(new)) >= given.least:
            print(f"{name[:72]:<72} {_said(old):>16} {_said(new):>16}  {(new or old or {})['shape'][:40]}")
    over = [name for name, result in after.items() if result["seconds"] > result["limit"]]
    print(f"{len(after)} measured, {len(over)} beyond their limit")


def _at(commit: str) -> Results:
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(["git", "archive", commit, "src"], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=packed, check=True)
        return _measured(Path(folder) / "src")


def _measured(source: Path) -> Results:
    """The results by name; a pattern's name leaves out its line, which moves."""
    found = [*watching.run("patterns", ROOT, source), *watching.run("scanners", ROOT, source)]
    return {_name(result["name"]): result for result in found if "seconds" in result}


def _name(name: str) -> str:
    place, _, rest = name.partition(" ")
    module, _, line = place.partition(":")
    variable = rest.split(" ", 1)[0]
    constant = variable if variable and not variable.startswith(("'", '"')) else ""
    return f"{module} {constant or rest}" if line.isdigit() else name


def _seconds(result: dict[str, Any] | None) -> float:
    if result is None:
        return 0.0
    return float(result["seconds"]) * (WHOLE / result["size"] if 0 < result["size"] < WHOLE else 1)


def _said(result: dict[str, Any] | None) -> str:
    """Seconds at 1 MB; where a smaller text was too much already, at that size."""
    if result is None:
        return "–"
    if result["size"] == WHOLE:
        return f"{result['seconds']:.3f} s"
    size = f" at {result['size'] // 1000} kB" if result["size"] else ""
    return f"{result['seconds']:.1f} s{size}" if size else "never ended"


if __name__ == "__main__":
    main()
