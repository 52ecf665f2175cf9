"""The pages of the store over HTTP: what anybody sees, and what is refused in plain words."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.flow.model import Flow
from flowloom.gallery.moderation import By
from flowloom.serve.access import Access
from flowloom.serve.doors import DOORS
from flowloom.serve.page.routes import page_routes
from flowloom.serve.store.routes import store_routes
from flowloom.visits.visitors import Caller, new_token
from flowloom.workspace import Workspace
from tests.gallery.stocking import stock
from tests.serve.test_page import HERE, KEY, OURS, OWNER

EVIL = "<script>alert(1)</script>\"'>"
JSON = {"accept": "application/json"}


@pytest.fixture
def browser(home: Workspace) -> TestClient:
    """A browser without the key of the app, behind the guard."""
    inside = Starlette(routes=[*store_routes(lambda: home), *page_routes(lambda: home)])
    return TestClient(Access(inside, lambda: KEY, doors=DOORS), base_url=HERE, headers=OURS, follow_redirects=False)


def used(home: Workspace, flow: Flow) -> dict[str, str]:
    """What a browser sends that has chatted with a GPT."""
    token = new_token()
    home.gallery.use.note(flow.id, home.visits.person(flow.id, token, Caller()))
    return {"x-flowloom-visitor": token, **JSON}


@pytest.mark.parametrize(
    ("path", "shown", "hidden"),
    [
        ("/store", ["trips", "proofs", "How this order is made", "Lifestyle"], []),
        ("/store?category=education", ["proofs", "Score"], ["trips"]),
        ("/store?q=journeys", ["trips"], ["proofs"]),
        ("/store?q=nothing-like-it", ["Nothing found"], []),
        ("/store?lang=fr", ["Boutique", "Chercher dans la boutique"], []),
        ("/store?lang=zh", ["商店"], []),
        ("/store/gpt/trips", ["Chat now", "What it can do", "sends what you write to no other computer"], []),
        ("/store/gpt/trips?lang=fr", ["Discuter", "n’envoie ce que vous écrivez à aucun autre ordinateur"], []),
    ],
)
def test_anybody_may_look(
    home: Workspace, browser: TestClient, path: str, shown: list[str], hidden: list[str]
) -> None:
    stock(home, "trips", description="Plans journeys.", category="lifestyle", use=3)
    stock(home, "proofs", description="Explains theorems.", category="education")
    answer = browser.get(path)
    assert answer.status_code == 200
    assert [words for words in shown if words not in answer.text] == []
    assert [words for words in hidden if words in answer.text] == []
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_an_empty_store_says_how_to_fill_it(browser: TestClient) -> None:
    assert "The store is empty" in browser.get("/store").text


def test_what_builders_write_stays_text(home: Workspace, browser: TestClient) -> None:
    flow = stock(home, "evil", description=EVIL, starters=(EVIL,), category=EVIL[:40], may_copy=True, use=1)
    home.gallery.use.rate(flow.id, "p", 1, EVIL)
    home.gallery.builders.change("", EVIL[:60], EVIL, "")
    for path in ("/store", f"/store?q={EVIL}", f"/store?category={EVIL[:40]}", "/store/gpt/evil"):
        assert "<script>alert" not in browser.get(path).text
    assert "<script>alert" not in browser.get(f"/store/builders/{home.gallery.builders.store.all()[0].slug}").text


@pytest.mark.parametrize("may_copy", [True, False])
def test_how_it_is_made_is_shown_where_the_builder_allows_it(
    home: Workspace, browser: TestClient, may_copy: bool
) -> None:
    flow = stock(home, "trips", may_copy=may_copy)
    newer = flow.model_copy(update={"instructions": "Mind the trains."})
    home.gallery._reviewed.keep(flow.id, home.gallery.reviews.digest(newer), "passed", ())
    terms = home.publications.of(flow.id).terms  # type: ignore[union-attr]
    home.publications.publish(newer, "trips", terms, "Faster")
    home.gallery.catalogue.look_again()
    page = browser.get("/store/gpt/trips").text
    assert "Faster" in page
    assert ("The instructions" in page) is may_copy
    assert browser.get("/store/gpt/trips/drawing").status_code == (200 if may_copy else 404)
    copied = browser.post("/store/gpt/trips/duplicate", headers=OWNER | JSON)
    assert copied.status_code == (200 if may_copy else 400)
    if may_copy:
        assert home.flows.load(copied.json()["onward"].partition("=")[2]).instructions == "Mind the trains."
        assert browser.post("/store/gpt/trips/duplicate", headers=JSON).status_code == 400


def test_a_rating_counts_and_is_shown(home: Workspace, browser: TestClient) -> None:
    flow = stock(home, "trips")
    who = used(home, flow)
    answer = browser.post("/store/gpt/trips/rating", data={"stars": "4", "reason": "Never late."}, headers=who)
    assert (answer.status_code, answer.json()["onward"]) == (200, "")
    home.gallery.catalogue.look_again()
    page = browser.get("/store/gpt/trips").text
    assert "Never late." in page
    assert "★ 4.0" in page


@pytest.mark.parametrize(
    ("path", "data", "headers", "status", "said"),
    [
        ("rating", {"stars": "5"}, {}, 400, "You haven’t used this GPT yet."),
        ("rating", {"stars": "9"}, "used", 400, "A rating is one to five stars."),
        ("rating", {"stars": "-1"}, "used", 400, "A rating is one to five stars."),
        ("rating", {"stars": "5", "reason": "x" * 501}, "used", 400, "This reason is too long."),
        ("rating", {"stars": "5"}, OWNER | {"x-flowloom-visitor": "x" * 43}, 403, "You can’t rate your own GPT."),
        ("report", {"kind": "boring"}, {}, 400, "Choose what is wrong with it."),
        ("report", {"kind": "other", "text": " "}, {}, 400, "There is no reason yet."),
        ("featured", {"yes": "1"}, {}, 403, "Only whoever looks after this store may do this."),
        ("featured", {"yes": "1"}, "used", 403, "Only whoever looks after this store may do this."),
    ],
)
def test_what_is_refused(
    home: Workspace, browser: TestClient, path: str, data: dict[str, str], headers: Any, status: int, said: str
) -> None:
    flow = stock(home, "trips")
    headers = used(home, flow) if headers == "used" else headers | JSON
    answer = browser.post(f"/store/gpt/trips/{path}", data=data, headers=headers)
    assert (answer.status_code, answer.json()["problem"]["message"]) == (status, said)
    assert home.gallery.opinions.of(flow.id) == []
    assert home.gallery.moderation.reports() == {}


def test_another_site_can_lead_here_but_change_nothing(home: Workspace, browser: TestClient) -> None:
    flow = stock(home, "trips")
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    answer = browser.post("/store/gpt/trips/rating", data={"stars": "1"}, headers=used(home, flow) | foreign)
    assert answer.status_code == 403
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert browser.get("/store/gpt/trips", headers=link).status_code == 200


def test_a_report_waits_for_a_decision(home: Workspace, browser: TestClient) -> None:
    flow = stock(home, "trips")
    # Without our script: a form that leads back to the page.
    answer = browser.post("/store/gpt/trips/report", data={"kind": "harmful", "text": "It lies."})
    assert (answer.status_code, answer.headers["location"]) == (303, "/store/gpt/trips")
    assert [each.text for each in home.gallery.moderation.reports()[flow.id]] == ["It lies."]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/store/gpt/nowhere", 404, "There is no GPT at this address."),
        ("/store/gpt/linked", 404, "This GPT isn’t in the store."),
        ("/store/gpt/down", 410, "taken down by whoever looks after the store: It lies."),
        ("/gpt/down", 410, "taken down by whoever looks after the store: It lies."),
        ("/store/builders/nobody", 404, "There is no builder at this address."),
        ("/store/-/other.js", 404, ""),
    ],
)
def test_what_is_not_there(home: Workspace, browser: TestClient, path: str, status: int, said: str) -> None:
    linked, down = stock(home, "linked"), stock(home, "down")
    terms = home.publications.of(linked.id).terms  # type: ignore[union-attr]
    home.publications.change(linked.id, "linked", terms.model_copy(update={"audience": "link"}))
    home.gallery.moderation.decide(down.id, "down", "It lies.", By(True))
    home.gallery.catalogue.look_again()
    answer = browser.get(path, headers={"accept": "text/html"})
    assert answer.status_code == status
    assert said in answer.text


def test_a_builder_has_a_page_with_all_their_gpts(home: Workspace, browser: TestClient) -> None:
    stock(home, "trips"), stock(home, "proofs")
    builder = home.gallery.builders.change("", "Ann", "Teaches.", "www.example.org")
    home.gallery.builders.vouch("", True, admin=True)
    page = browser.get(f"/store/builders/{builder.slug}").text
    assert [
        words for words in ("Ann", "Teaches.", "Verified by an admin", "trips", "proofs") if words not in page
    ] == []
    assert f'href="/store/builders/{builder.slug}"' in browser.get("/store/gpt/trips").text
    # Nobody is signed in here, so nobody can follow.
    assert "Follow</button>" not in page
    assert (
        browser.post(f"/store/builders/{builder.slug}/follow", data={"yes": "1"}, headers=JSON).status_code == 400
    )
