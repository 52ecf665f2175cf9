"""A builder proves a site by a record or a file; an admin vouches; another site has to be proven anew."""

import asyncio

import pytest

from flowloom.errors import FlowloomError, HttpError
from flowloom.gallery.builders import Builders
from flowloom.gallery.proofs import FILE, RECORD, DnsOverHttps, site_of
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.store.builders import BuilderStore
from flowloom.workspace import Workspace

pytestmark = pytest.mark.usefixtures("kept_in")

SITE = "www.example.org"


class Site:
    """Fulfils `Http` and `TxtRecords`: what a site shows, and what its name says."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.records: list[str] = []
        self.asked: list[str] = []

    async def request(self, request: HttpRequest) -> HttpReply:
        self.asked.append(request.url)
        text = self.files.get(request.url)
        return HttpReply(status=404 if text is None else 200, text=text or "")

    async def of(self, name: str) -> list[str]:
        return self.records


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def builders(home: Workspace, site: Site) -> Builders:
    return Builders(BuilderStore(home._db), lambda id: "Ann", lambda: site, lambda: site, lambda what, about: None)


@pytest.mark.parametrize("way", ["record", "file"])
def test_a_site_proves_a_builder(builders: Builders, site: Site, way: str) -> None:
    token = builders.change("ann", "Ann’s GPTs", "", SITE).token
    with pytest.raises(FlowloomError, match="Neither a record nor a file of"):
        asyncio.run(builders.prove("ann"))
    if way == "record":
        site.records = ["v=spf1 -all", RECORD + token]
    else:
        site.files[f"https://{SITE}{FILE}"] = f"{token}\n"
    assert asyncio.run(builders.prove("ann")).proof == SITE
    assert builders.change("ann", "Ann", "New words", SITE).proof == SITE
    assert builders.change("ann", "Ann", "", "other.example").proof == ""


@pytest.mark.parametrize("said", ["", RECORD, RECORD + "something-else", "token"])
def test_what_proves_nothing(builders: Builders, site: Site, said: str) -> None:
    builders.change("ann", "Ann", "", SITE)
    site.records, site.files[f"https://{SITE}{FILE}"] = [said], said
    with pytest.raises(FlowloomError, match="Neither"):
        asyncio.run(builders.prove("ann"))


def test_an_admin_vouches_and_takes_it_back(builders: Builders) -> None:
    with pytest.raises(FlowloomError, match="Only whoever looks after"):
        builders.vouch("ann", True, admin=False)
    builders.vouch("ann", True, admin=True)
    assert builders.store.of("ann").proof == "admin"  # type: ignore[union-attr]
    builders.vouch("ann", False, admin=True)
    assert builders.store.of("ann").proof == ""  # type: ignore[union-attr]


def test_two_of_one_name_have_two_addresses(builders: Builders) -> None:
    one, two = builders.change("ann", "Ann", "", ""), builders.change("other", "Ann", "", "")
    assert (one.slug, two.slug) == ("ann", "ann-2")
    assert builders.change("ann", "Anna", "", "").slug == "ann"


def test_followers(builders: Builders) -> None:
    store = builders.store
    store.follow("ann", "ben", True)
    store.follow("ann", "ben", True)
    store.follow("ann", "cy", True)
    assert (store.followers("ann"), store.follows("ann", "ben"), store.followed_by("ben")) == (2, True, ["ann"])
    store.follow("ann", "ben", False)
    assert (store.followers("ann"), store.follows("ann", "ben")) == (1, False)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("www.example.org", "www.example.org"),
        (" HTTPS://Example.org/page ", "example.org"),
        ("école.example", "xn--cole-9oa.example"),
    ],
)
def test_names_of_sites(given: str, name: str) -> None:
    assert site_of(given) == name


@pytest.mark.parametrize(
    "given", ["localhost", "127.0.0.1", "a b.org", "example.org:80", "user@example.org", "x" * 300, "..", "-a.org"]
)
def test_what_is_no_site(given: str) -> None:
    with pytest.raises(FlowloomError, match="isn’t the name of a website"):
        site_of(given)


@pytest.mark.parametrize(
    ("answer", "records"),
    [
        ('{"Answer": [{"type": 16, "data": "\\"one\\""}, {"type": 5, "data": "x"}]}', ["one"]),
        ('{"Answer": [{"type": 16, "data": "\\"long \\" \\"text\\""}]}', ["long text"]),
        ('{"Status": 3}', []),
        ("<html>", []),
        ("[]", []),
    ],
)
def test_records_by_https(site: Site, answer: str, records: list[str]) -> None:
    site.files["https://dns.example/?name=a.org&type=TXT"] = answer
    assert asyncio.run(DnsOverHttps(site, "https://dns.example/").of("a.org")) == records


def test_a_site_that_cannot_be_asked_is_said(builders: Builders, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(self: Site, request: HttpRequest) -> HttpReply:
        raise HttpError("{host} can’t be reached.", "Try later.", host=SITE)

    monkeypatch.setattr(Site, "request", fails)
    builders.change("ann", "Ann", "", SITE)
    with pytest.raises(HttpError, match="can’t be reached"):
        asyncio.run(builders.prove("ann"))
