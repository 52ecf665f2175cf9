"""One site at a time is read into a base, and none outlives the base it is read for."""

import pytest

from flowloom.errors import KnowledgeError
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.site import Site
from flowloom.services.knowledge.visits import Visits
from flowloom.services.net import GuardedHttp
from tests.services.test_site import BASE, StaticSite, page, site  # noqa: F401


@pytest.fixture
def visits(tmp_path, site: StaticSite) -> Visits:  # type: ignore[no-untyped-def]  # noqa: F811
    host = frozenset({f"127.0.0.1:{site.server_port}"})
    site.pages = {"/": page("bees", "/slow"), "/slow": lambda handler: site.stopped.wait(20)}
    return Visits(KnowledgeBases(tmp_path), lambda: GuardedHttp(allowed_hosts=host))


def test_a_second_site_has_to_wait(visits: Visits, site: StaticSite) -> None:  # noqa: F811
    visit = visits.begin(BASE, Site(address=site.url))
    with pytest.raises(KnowledgeError, match="Another website is being read"):
        visits.begin(BASE, Site(address=site.url))
    visit.cancel()
    visit.wait(10)
    assert visit.state == "cancelled"
    visits.begin(BASE, Site(address=site.url))
    visits.close()


def test_what_is_forgotten_reads_no_further(visits: Visits, site: StaticSite) -> None:  # noqa: F811
    visit = visits.begin(BASE, Site(address=site.url))
    visits.forget(BASE)
    assert visit.state == "cancelled"
    assert visits.of(BASE) is None
    visits.forget(BASE)
