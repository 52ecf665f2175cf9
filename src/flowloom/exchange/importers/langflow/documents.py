"""Documents: vector stores, embeddings and files as one search over documents that are added here."""

from flowloom.errors import Problem
from flowloom.exchange.importers.langflow.graph import Component
from flowloom.exchange.importers.langflow.weaving import Told, Weaving
from flowloom.locales import Verbatim

RESULTS = ("search_results", "dataframe", "retrieve_data", "dataframe_output", "results", "retriever_output")
QUERIES = ("search_query", "query", "search_input")


def draw_search(weaving: Weaving, component: Component, told: Told) -> list[str]:
    searched = any(line.source.output in RESULTS for line in weaving.graph.out.get(component.id, ()))
    if not searched and not weaving.incoming(component, *QUERIES):
        return draw_filling(weaving, component, told)
    top = int(component.number("number_of_results", component.number("top_k", 4)))
    block = weaving.block(component, "knowledge.search", {"top_k": max(1, min(50, top))})
    way = weaving.incoming(component, *QUERIES)
    if way is None:
        port = weaving.text_of(component, "search_query", f"{component.id} query")
    else:
        port = weaving.value(component, way)
    weaving.drawing.join(port, f"{block}.question")
    rows = weaving.helper(component, "code.run", {"code": ROWS}, key=f"{component.id} rows")
    weaving.drawing.join(f"{block}.passages", f"{rows}.passages")
    for output in RESULTS:
        weaving.gives(component, output, f"{rows}.result", "rows")
    weaving.gate(component, block)
    tell_documents(weaving, component, told)
    return [block, rows]


ROWS = "[{**passage, 'text': passage.get('text', '')} for passage in {{passages}}]\n"


def tell_documents(weaving: Weaving, component: Component, told: Told) -> None:
    weaving.drawing.do(
        "Add the documents that “{name}” searches.",
        "Open its block and add them; what Langflow stored stays there.",
        name=Verbatim(component.name),
    )
    told.append(
        Problem.of(
            "import.store",
            "It searches documents that you add here, by meaning and by words, not the store that Langflow used.",
            "Other passages may be found.",
        )
    )


def draw_filling(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """What only fills a store: documents are added by hand here."""
    weaving.drawing.do(
        "“{name}” only fills a store with documents. Here you add them to the Search knowledge block.",
        "Add the same files there.",
        name=Verbatim(component.name),
    )
    told.append(
        Problem.of(
            "import.filling",
            "Documents are added by hand here, so it has no block.",
            "Add the files to the Search knowledge block.",
        )
    )
    return []


def draw_embeddings(weaving: Weaving, component: Component, told: Told) -> list[str]:
    told.append(
        Problem.of(
            "import.embeddings",
            "Flowloom chooses how documents are compared, so it has no block.",
            "Change it under Models if you like.",
        )
    )
    return []


def draw_file(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """A file: the text of what is attached to the message."""
    targets = [weaving.graph.components[line.target] for line in weaving.graph.out.get(component.id, ())]
    if targets and all("ingest_data" in each.values or each.type == "SplitText" for each in targets):
        return draw_filling(weaving, component, told)
    weaving.need_start()
    block = weaving.block(
        component, "template", {"template": "{% for file in files %}{{ file.text }}\n{% endfor %}"}
    )
    weaving.drawing.join(f"{weaving.start}.attachments", f"{block}.files")
    for output in ("message", "dataframe", "data"):
        weaving.gives(component, output, f"{block}.text")
    weaving.drawing.do(
        "The file of “{name}” stays with Langflow.",
        "Attach it to your message, or paste its text into a Text block.",
        name=Verbatim(component.name),
    )
    told.append(
        Problem.of(
            "import.file",
            "It reads the files that are attached to the message, not one that was stored.",
            "Without an attached file its text is empty.",
        )
    )
    return [block]


DRAWS = {
    "File": draw_file,
    "FileComponent": draw_file,
    "Directory": draw_file,
    "Knowledge": draw_search,
    "KnowledgeRetrieval": draw_search,
    "MemoryBase": draw_search,
}
