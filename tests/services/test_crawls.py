"""One site at a time is read into a base, and none outlives the base it is read for."""

import pytest

from flowloom.errors import KnowledgeError
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.crawls import Crawls
from flowloom.services.knowledge.site_reader import Site
from flowloom.services.network.guarded_requests import GuardedHttp
from tests.services.test_site import BASE, StaticSite, page, site  # noqa: F401


@pytest.fixture
def crawls(tmp_path, site: StaticSite) -> Crawls:  # type: ignore[no-untyped-def]  # noqa: F811
    host = frozenset({f"127.0.0.1:{site.server_port}"})
    site.pages = {"/": page("bees", "/slow"), "/slow": lambda handler: site.stopped.wait(20)}
    return Crawls(KnowledgeBases(tmp_path), lambda: GuardedHttp(allowed_hosts=host))


def test_a_second_site_has_to_wait(crawls: Crawls, site: StaticSite) -> None:  # noqa: F811
    crawl = crawls.begin(BASE, Site(address=site.url))
    with pytest.raises(KnowledgeError, match="Another website is being read"):
        crawls.begin(BASE, Site(address=site.url))
    crawl.cancel()
    crawl.wait(10)
    assert crawl.state == "cancelled"
    crawls.begin(BASE, Site(address=site.url))
    crawls.close()


def test_what_is_forgotten_reads_no_further(crawls: Crawls, site: StaticSite) -> None:  # noqa: F811
    crawl = crawls.begin(BASE, Site(address=site.url))
    crawls.forget(BASE)
    assert crawl.state == "cancelled"
    assert crawls.of(BASE) is None
    crawls.forget(BASE)
