"""What is handed out for servers names only commands, options, variables and files that there are."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from flowloom.cli import _parser

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: facts for name, facts in SERVICES.items() if facts.get("image") == "flowloom"}
VARIABLE = re.compile(r"\bFLOWLOOM_[A-Z_]+\b")
OF_THE_FILE = {"FLOWLOOM_NAME"}
"""What only compose and Caddy read."""
TOLD = [*UNITS, DEPLOY / "environment", DEPLOY / "Caddyfile", ROOT / "compose.yaml", ROOT / "Dockerfile"]
DOCS = [ROOT / "docs" / name for name in ("deploy.md", "operations.md", "postgresql.md")]


def understood(command: Sequence[str]) -> str:
    """The function that a command line leads to."""
    assert Path(command[0]).name == "flowloom"
    return str(_parser().parse_args(list(command[1:])).command.__name__)


def executed(unit: Path) -> list[str]:
    (line,) = re.findall(r"^ExecStart=(.+)$", unit.read_text("utf-8"), re.M)
    return str(line).split()


def test_every_command_of_compose_and_the_image_is_one() -> None:
    assert {name: understood(facts["command"]) for name, facts in OURS.items()} == {
        "app": "_open",
        "worker": "_work",
    }
    (given,) = re.findall(r"^CMD (\[.+\])$", (ROOT / "Dockerfile").read_text("utf-8"), re.M)
    assert understood(yaml.safe_load(given)) == "_open"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_unit_starts_a_command(unit: Path) -> None:
    assert understood(executed(unit)) == ("_work" if "worker" in unit.name else "_open")


@pytest.mark.parametrize("path", [*TOLD, *DOCS], ids=lambda path: path.name)
def test_every_variable_that_is_named_is_read(path: Path) -> None:
    read = {name for file in (ROOT / "src").rglob("*.py") for name in VARIABLE.findall(file.read_text("utf-8"))}
    assert set(VARIABLE.findall(path.read_text("utf-8"))) <= read | OF_THE_FILE


def test_compose_names_only_what_it_has() -> None:
    for facts in SERVICES.values():
        for volume in facts.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file()
        assert set(facts.get("depends_on", ())) <= SERVICES.keys()
        assert facts.get("network_mode", "service:app").removeprefix("service:") in SERVICES
    assert SERVICES["worker"]["deploy"]["replicas"] == 2


def test_app_and_workers_share_one_database_and_one_folder() -> None:
    app, worker = (OURS[name] for name in ("app", "worker"))
    for what in ("environment", "volumes", "image"):
        assert app[what] == worker[what]
    assert "FLOWLOOM_HOME=/data" in (ROOT / "Dockerfile").read_text("utf-8")
    assert [volume.split(":")[1] for volume in app["volumes"]] == ["/data"]


@pytest.mark.parametrize("unit", [*UNITS, None], ids=lambda unit: unit.name if unit else "compose")
def test_what_is_under_way_has_time_to_end(unit: Path | None) -> None:
    environment = dict(
        line.split("=", 1) for line in (DEPLOY / "environment").read_text("utf-8").splitlines() if "=" in line
    )
    drain = float(environment["FLOWLOOM_DRAIN_SECONDS"])
    if unit:
        (stop,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit.read_text("utf-8"), re.M)
    else:
        drain = float(OURS["worker"]["environment"]["FLOWLOOM_DRAIN_SECONDS"])
        stop = OURS["worker"]["stop_grace_period"].removesuffix("s")
    assert float(stop) > drain + 5


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_reads_the_units(unit: Path, tmp_path: Path) -> None:
    here = tmp_path / unit.name.replace("@", "@1")
    here.write_text(unit.read_text("utf-8").replace(executed(unit)[0], sys.executable))
    told = subprocess.run(["systemd-analyze", "verify", here], capture_output=True, text=True)
    assert (told.returncode, [line for line in told.stderr.splitlines() if unit.stem.split("@")[0] in line]) == (
        0,
        [],
    )


def test_the_image_installs_what_workers_need_by_its_hash() -> None:
    lock = (ROOT / "requirements-workers.lock").read_text("utf-8")
    for package in ("dbos", "psycopg", "psycopg-binary", "streamlit"):
        assert re.search(rf"^{package}==\S+ .*\\\n    --hash=sha256:", lock, re.M), package
