"""HTTP request: what is sent, and where values may not lead."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowloomError, NodeError
from flowloom.kinds.http import HttpReply
from tests.nodes.conftest import Ports, World

URL = "https://api.example.com/v1/{{city}}/now?lang={{lang}}"


def send(world: World, config: dict[str, Any], **values: Any) -> Any:
    world.run_with("http.request", config, values)
    return world.http.requests[-1]


@pytest.mark.parametrize(
    ("city", "url"),
    [
        ("Paris", "https://api.example.com/v1/Paris/now?lang=fr"),
        ("São Paulo", "https://api.example.com/v1/S%C3%A3o%20Paulo/now?lang=fr"),
        ("a/b?c#d&e", "https://api.example.com/v1/a%2Fb%3Fc%23d%26e/now?lang=fr"),
        ("../../admin", "https://api.example.com/v1/..%2F..%2Fadmin/now?lang=fr"),
        ("@evil.com", "https://api.example.com/v1/%40evil.com/now?lang=fr"),
        ("a\r\nHost: x", "https://api.example.com/v1/a%0D%0AHost%3A%20x/now?lang=fr"),
    ],
)
def test_values_in_the_address_are_encoded(world: World, city: str, url: str) -> None:
    assert send(world, {"url": URL}, city=city, lang="fr").url == url


@pytest.mark.parametrize("city", [".", ".."])
def test_values_do_not_climb(world: World, city: str) -> None:
    with pytest.raises(NodeError, match="another place"):
        send(world, {"url": URL}, city=city, lang="fr")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "http.address"),
        ("example.com", "http.address"),
        ("ftp://example.com", "http.address"),
        ("file:///etc/passwd", "http.address"),
        ("https://", "http.address"),
        ("https://exa mple.com", "http.address"),
        ("https://{{host}}/a", "http.host"),
        ("https://{{host}}.example.com/a", "http.host"),
        ("https://example.com:{{port}}/a", "http.host"),
        ("https://{{a.b}}/a", "http.host"),
        ("{{url}}", "http.host"),
        ("https{{x}}://example.com", "http.host"),
        ("https://me:secret@example.com", "http.password"),
    ],
)
def test_addresses_that_are_refused(world: World, url: str, code: str) -> None:
    assert Ports.problems("http.request", url=url) == [code]
    with pytest.raises(NodeError) as caught:
        send(world, {"url": url}, host="evil.com", port="1", url="https://evil.com", x="")
    assert caught.value.problem.code == code
    assert world.http.requests == []


@pytest.mark.parametrize(
    ("template", "value", "body"),
    [
        ('{"q": "{{v}}"}', 'say "hi"\n', '{"q": "say \\"hi\\"\\n"}'),
        ('{"q": {{v}}}', 'say "hi"', '{"q": "say \\"hi\\""}'),
        ('{"\\"": "{{v}}"}', '", "admin": "1', '{"\\"": "\\", \\"admin\\": \\"1"}'),
    ],
)
def test_values_in_json_stay_values(world: World, template: str, value: str, body: str) -> None:
    request = send(world, {"url": "https://a.com", "method": "POST", "body": template}, v=value)
    assert request.body == body
    assert request.headers == {"Content-Type": "application/json"}


def test_values_in_a_form_stay_values(world: World) -> None:
    config = {"url": "https://a.com", "method": "POST", "body": "a={{v}}&b=1", "body_format": "form"}
    assert send(world, config, v="x&b=2 é").body == "a=x%26b%3D2+%C3%A9&b=1"


def test_plain_text_and_an_own_content_type(world: World) -> None:
    headers = [{"name": "content-type", "value": "text/markdown"}, {"name": "X-Who", "value": "{{who}}"}]
    config = {"url": "https://a.com", "method": "PUT", "body": "# {{v}}", "body_format": "text", "headers": headers}
    request = send(world, config | {"timeout": 5}, v="é", who="me")
    assert (request.body, request.timeout) == ("# é", 5)
    assert request.headers == {"content-type": "text/markdown", "X-Who": "me"}


def test_a_body_that_is_no_json(world: World) -> None:
    with pytest.raises(NodeError, match="valid JSON"):
        send(world, {"url": "https://a.com", "method": "POST", "body": "{"})


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "é", "\x00"])
def test_values_that_do_not_fit_a_header(world: World, value: str) -> None:
    with pytest.raises(NodeError, match="X-Who"):
        send(world, {"url": "https://a.com", "headers": [{"name": "X-Who", "value": "{{v}}"}]}, v=value)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Authorization", "http.key"),
        ("X-API-Key", "http.key"),
        ("Cookie", "http.key"),
        ("Host", "http.header_ours"),
        ("Transfer-Encoding", "http.header_ours"),
        ("", "http.header"),
        ("a b", "http.header"),
        ("a:b", "http.header"),
        ("é", "http.header"),
    ],
)
def test_headers_that_are_refused(world: World, name: str, code: str) -> None:
    config = {"url": "https://a.com", "headers": [{"name": name, "value": "x"}]}
    assert Ports.problems("http.request", **config) == [code]
    with pytest.raises(NodeError):
        send(world, config)


@pytest.mark.parametrize(
    ("text", "outputs"),
    [
        ('{"a": 1}', {"text": '{"a": 1}', "status": 200, "data": {"a": 1}}),
        ("[1]", {"text": "[1]", "status": 200, "data": [1]}),
        ("<html>", {"text": "<html>", "status": 200}),
        ("[" * 100_000, {"text": "[" * 100_000, "status": 200}),
    ],
)
def test_answers(world: World, text: str, outputs: dict[str, Any]) -> None:
    world.http.reply = HttpReply(status=200, text=text)
    assert world.run("http.request", {"url": "https://a.com"}) == outputs


def test_an_error_stops_unless_it_may_pass(world: World) -> None:
    world.http.reply = HttpReply(status=404, text="no such city")
    with pytest.raises(NodeError, match="no such city"):
        world.run("http.request", {"url": "https://a.com"})
    assert world.run("http.request", {"url": "https://a.com", "fail_on_error": False})["status"] == 404


def test_ports(ports: Ports) -> None:
    config: dict[str, Any] = {"url": URL, "headers": [{"name": "X", "value": "{{who}}"}], "body": "{{text}}"}
    assert ports.inputs("http.request", **config) == ["city", "lang", "who"]
    assert ports.inputs("http.request", **config, method="POST") == ["city", "lang", "who", "text"]
    assert ports.problems("http.request", **config) == ["http.body_unused"]


@settings(max_examples=150, deadline=None)
@given(
    value=st.text(),
    header=st.text(max_size=200),
    body=st.text(max_size=20) | st.sampled_from(['{"a": "{{v}}"}', "{{v}}", '["{{v}}", {{v}}]']),
    format=st.sampled_from(["json", "text", "form"]),
)
def test_only_flowloom_errors_and_only_the_host_that_is_written(
    value: str, header: str, body: str, format: str
) -> None:
    config = {
        "url": "https://a.com/x/{{v}}/y?q={{v}}#{{v}}",
        "method": "POST",
        "headers": [{"name": header, "value": "{{v}}"}],
        "body": body,
        "body_format": format,
    }
    world = World()
    try:
        world.run_with("http.request", config, dict.fromkeys(Ports.inputs("http.request", **config), value))
    except FlowloomError:
        return
    assert world.http.requests[0].url.startswith("https://a.com/x/")
    assert world.http.requests[0].url.isascii()
