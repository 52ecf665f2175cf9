"""The names the app answers to."""

import pytest

from flowloom.serve.host_names import HOSTS_VARIABLE, HostNameError, own_names, split_host


def test_names_come_from_the_call_and_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_names() == frozenset()
    monkeypatch.setenv(HOSTS_VARIABLE, "box, GPTs.example.org ,")
    assert own_names(["a.b,c", "[fe80::1]"]) == {"box", "gpts.example.org", "a.b", "c", "[fe80::1]"}


@pytest.mark.parametrize("name", ["http://box", "box:80", "*", "*.example.org", "a b", "-a", "a/b", "é", "a" * 300])
def test_what_is_no_name_is_said_so(name: str) -> None:
    with pytest.raises(HostNameError) as error:
        own_names([name])
    assert name in str(error.value)


@pytest.mark.parametrize(
    ("host", "parts"),
    [
        ("localhost", ("localhost", "")),
        ("LocalHost:8501", ("localhost", "8501")),
        ("[::1]:8501", ("[::1]", "8501")),
        ("localhost.", ("localhost.", "")),
        ("localhost:8501:1", ("", "")),
        ("localhost:", ("", "")),
        ("a@localhost", ("", "")),
        ("localhost/x", ("", "")),
        ("localhost\n", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_host_is_taken_apart(host: str, parts: tuple[str, str]) -> None:
    assert split_host(host) == parts
