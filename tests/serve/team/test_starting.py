"""What `flowloom open --team` starts, and says."""

import pytest

from flowloom.cli import main
from flowloom.serve.draining import Draining
from flowloom.serve.meters import Measured
from flowloom.serve.team.guard import TeamAccess
from flowloom.services.openid import CLIENT, ISSUER
from flowloom.ui import server, team_server


def test_the_guard_of_the_team_stands_outermost() -> None:
    assert [each.cls for each in server.app_parts(team=True)["middleware"]] == [Measured, TeamAccess, Draining]


def test_the_terminal_shows_a_code_until_somebody_has_an_account() -> None:
    first = team_server.greeting(8501, ["gpts.example.org"], "AAAAA-BBBBB-CCCCC-DDDDD")
    assert "http://localhost:8501/\n" in first
    assert "https://gpts.example.org/\n" in first
    assert "AAAAA-BBBBB-CCCCC-DDDDD" in first
    later = team_server.greeting(8501, [], "")
    assert "code" not in later
    assert "key=" not in first + later


def test_wrong_settings_end_the_start_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ISSUER, "http://sso.example.org")
    monkeypatch.setenv(CLIENT, "flowloom")
    assert main(["open", "--team"]) == 2
    assert "has to begin with https://" in capsys.readouterr().err
