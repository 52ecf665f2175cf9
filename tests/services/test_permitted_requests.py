"""What a person is shown of a request before it leaves."""

import pytest

from flowloom.errors import HttpError
from flowloom.kinds.http import HttpRequest
from flowloom.services.network.permitted_requests import sending_of

SHOWN = [
    (HttpRequest(url="https://example.com"), "example.com", "GET https://example.com/"),
    (HttpRequest(url="https://EXAMPLE.com:8443/a%20b"), "example.com:8443", "GET https://example.com:8443/a b"),
    (
        HttpRequest(url="https://example.com/x?to=M%C3%BCnchen+Ost&deep=1%3D2&bare"),
        "example.com",
        "GET https://example.com/x\n  to = München Ost\n  deep = 1=2\n  bare = ",
    ),
    (
        HttpRequest(
            method="post",
            url="http://[2606:4700::1]:81/",
            headers={"X-Class": "5b", "Content-Type": "text/plain", "User-Agent": "us"},
            body="Ada is ill.",
        ),
        "[2606:4700::1]:81",
        "POST http://[2606:4700::1]:81/\nX-Class: 5b\n\nAda is ill.",
    ),
    (HttpRequest(url="https://bücher.example/"), "xn--bcher-kva.example", "GET https://xn--bcher-kva.example/"),
]


@pytest.mark.parametrize(("request_", "host", "what"), SHOWN)
def test_host_address_values_and_body_are_shown(request_: HttpRequest, host: str, what: str) -> None:
    sending = sending_of(request_)
    assert (sending.to, sending.what) == (host, what)


@pytest.mark.parametrize("url", ["https://good.example\\@evil.example/", "ftp://a", "https://user:pw@a.example/"])
def test_what_two_readers_would_read_differently_is_not_shown_but_refused(url: str) -> None:
    with pytest.raises(HttpError):
        sending_of(HttpRequest(url=url))
