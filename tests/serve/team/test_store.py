"""The store of a team: who features, who follows, whose a copy is."""

import pytest

from flowloom.store.publications import Terms
from tests.serve.team.conftest import OUR_PAGE, School

JSON = {"accept": "application/json", **OUR_PAGE}


@pytest.fixture
def slug(school: School) -> str:
    """A GPT of Ben's that stands in the store."""
    home = school.home
    flow = home.flows.create(next(iter(school.gpts.values())).model_copy(update={"name": "In the store"}))
    home.team.owners.give("gpt", flow.id, school.people["ben"].id)
    home.gallery._reviewed.keep(flow.id, home.gallery.reviews.digest(flow), "passed", ())
    slug = home.publications.free_slug(flow)
    home.publications.publish(flow, slug, Terms(audience="store", may_copy=True))
    home.gallery.catalogue.look_again()
    return slug


@pytest.mark.parametrize("who", ["", "member", "other", "ben", "admin"])
def test_the_store_is_there_signed_in_and_out(school: School, slug: str, who: str) -> None:
    page = school.browser(who).get("/store", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "In the store" in page.text
    assert ("/sign-in?next=" in page.text) is (who == "")


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("", "featured", 403), ("member", "featured", 403), ("ben", "featured", 403), ("admin", "featured", 200),
        ("", "duplicate", 400), ("member", "duplicate", 400), ("other", "duplicate", 200),
        ("ben", "rating", 403),
    ],
)  # fmt: skip
def test_who_may_do_what(school: School, slug: str, who: str, path: str, status: int) -> None:
    data = {"yes": "0", "stars": "5"}
    answer = school.browser(who).post(f"/store/gpt/{slug}/{path}", data=data, headers=JSON)
    assert answer.status_code == status


def test_a_copy_belongs_to_whoever_made_it(school: School, slug: str) -> None:
    answer = school.browser("other").post(f"/store/gpt/{slug}/duplicate", headers=JSON)
    flow = answer.json()["onward"].partition("=")[2]
    assert school.home.team.owners.of("gpt", flow) == school.people["other"].id


def test_following_a_builder(school: School, slug: str) -> None:
    page = school.browser("member").get(f"/store/gpt/{slug}").text
    builder = page.partition('href="/store/builders/')[2].partition('"')[0]
    at = f"/store/builders/{builder}"
    for who, status in (("", 400), ("ben", 400), ("member", 200)):
        assert school.browser(who).post(f"{at}/follow", data={"yes": "1"}, headers=JSON).status_code == status
    assert "Stop following" in school.browser("member").get(at).text
    assert school.browser("member").post(f"{at}/follow", data={"yes": "0"}, headers=JSON).status_code == 200
    assert "Stop following" not in school.browser("member").get(at).text


def test_a_store_for_people_with_an_account(school: School, slug: str) -> None:
    console, admin = school.home.team.console, school.people["admin"]
    pages = ("/store", f"/store/gpt/{slug}", f"/gpt/{slug}", "/store/feed.json")
    html = {"accept": "text/html"}
    console.change(admin, console.permissions.model_copy(update={"store_is_open": False}))
    try:
        stranger, member = school.browser(""), school.browser("member")
        for page in pages:
            assert member.get(page, headers=html).status_code == 200, page
            refused = stranger.get(page, headers=html, follow_redirects=False)
            assert refused.status_code in (303, 404), page
        assert (
            stranger.get("/store", headers=html, follow_redirects=False).headers["location"]
            == "/sign-in?next=%2Fstore"
        )
        refused = stranger.get("/store/feed.json", headers=JSON)
        assert refused.status_code == 403
        assert refused.json()["problem"]["message"] == "This store is for people with an account here."
        assert stranger.post(f"/store/gpt/{slug}/report", data={"what": "x"}, headers=JSON).status_code == 403
    finally:
        console.change(admin, console.permissions.model_copy(update={"store_is_open": True}))
    assert all(school.browser("").get(page, headers=html).status_code == 200 for page in pages)
