"""How long a search of the store takes among 10,000 GPTs, by words and by meaning.

python -m benchmarks.store_search
"""

import random
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.crawl import WORDS, word
from flowloom.flow.model import Edge, Flow, Node
from flowloom.gallery.catalogue import Catalogue
from flowloom.store.publications import Publication, Terms
from flowloom.workspace import Workspace, open_workspace

GPTS, SEARCHES = 10_000, 200
BLOCKS = {
    "nodes": (Node(id="start", kind="chat.message"), Node(id="answer", kind="chat.answer")),
    "edges": (Edge(source="start.message", target="answer.text"),),
}


def fill(home: Workspace, rnd: random.Random) -> None:
    publications = home._publications
    with home._db.transaction():
        for number in range(GPTS):
            said = rnd.choice(list(WORDS.values())).format(a=word(rnd), b=word(rnd), c=word(rnd), d=word(rnd))
            flow = home.flows.create(Flow(name=f"{word(rnd)} {number}", description=said, **BLOCKS))
            publications.add_version(flow)
            terms = Terms(audience="store", category=rnd.choice(("education", "writing", "fun")))
            publications.put(Publication(flow.id, f"gpt-{number}", 1, True, terms))


def main() -> None:
    rnd = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        home = open_workspace(Path(folder))
        fill(home, rnd)
        catalogue = home.gallery.catalogue
        start = time.perf_counter()
        catalogue.entries()
        print(f"first look at {GPTS:,} GPTs: {time.perf_counter() - start:.1f} s")
        texts = [entry.description for entry in catalogue.entries()]
        start = time.perf_counter()
        _told("search while vectors are made", catalogue, texts, rnd)
        home.gallery.meaning.wait(600)
        print(f"all vectors are made after {time.perf_counter() - start:.1f} s")
        _told("search", catalogue, texts, rnd)
        home.close()


def _told(what: str, catalogue: Catalogue, texts: list[str], rnd: random.Random) -> None:
    taken = []
    for _ in range(SEARCHES):
        wanted = " ".join(rnd.choice(texts).split()[2:4]) if rnd.random() < 0.7 else "aide à apprendre"
        start = time.perf_counter()
        catalogue.search(wanted)
        taken.append(time.perf_counter() - start)
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(f"{what}: median {statistics.median(taken) * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms")


if __name__ == "__main__":
    main()
