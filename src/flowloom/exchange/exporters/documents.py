"""The documents that a flow searches, on their way out beside it."""

from flowloom.exchange.exporters.exported import Documents, Folder, Passage
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.chunks import cut
from flowloom.services.knowledge.shared import key_of_base


def documents_in(bases: KnowledgeBases) -> Documents:
    """What `Documents` asks for, from the bases of this computer; what only some may read stays here."""

    def documents(flow_id: str, base: str) -> Folder:
        key = key_of_base(flow_id, base)
        cutting = bases.about(key).cutting
        texts, passages = dict[str, str](), list[Passage]()
        for file in bases.files(key):
            if file.owner or file.groups:
                continue
            if file.only_passages:
                cut_up = bases.store(key).passages_of(file.name)[0]
            else:
                document = bases.document(key, file.name)
                texts[file.name] = document.text
                cut_up = cut(file.name, document, cutting.size, cutting.overlap)
            for found in cut_up:
                passages.append(Passage(file.name, found.place, found.heading, found.text))
        return Folder(texts, passages)

    return documents
