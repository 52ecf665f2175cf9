"""What others find for the same questions: LangChain's FAISS store, wordllama and bm25s; runs in `.bench/`.

Reads the folder it is given: `texts.json` with passages and questions, `vectors.npz` with ours of both. Prints, for
each peer, the places of the passages for each question, best first.
"""

import json
import sys
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import wordllama
from langchain_community.vectorstores import FAISS
from langchain_core.embeddings import Embeddings

MOST = 50


class Given(Embeddings):
    """The store is given the vectors, and asked by them."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError


def langchain(passages: list[str], questions: list[str], vectors: Any) -> list[list[int]]:
    pairs = list(zip(passages, vectors["passages"].tolist(), strict=True))
    places = [{"place": place} for place in range(len(passages))]
    store = FAISS.from_embeddings(pairs, Given(), metadatas=places)
    return [
        [found.metadata["place"] for found in store.similarity_search_by_vector(vector, MOST)]
        for vector in vectors["questions"].tolist()
    ]


def llama(passages: list[str], questions: list[str]) -> list[list[int]]:
    # Its wheel holds the weights, but its loader looks for them elsewhere.
    folder = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, dim=256, disable_download=True)
    near = model.embed(questions, norm=True) @ model.embed(passages, norm=True).T
    return np.argsort(-near, axis=1, kind="stable")[:, :MOST].tolist()


def words(passages: list[str], questions: list[str]) -> list[list[int]]:
    index = bm25s.BM25()
    index.index(bm25s.tokenize(passages, show_progress=False), show_progress=False)
    asked = bm25s.tokenize(questions, show_progress=False)
    found, scores = index.retrieve(asked, k=min(MOST, len(passages)), show_progress=False)
    return [
        [int(place) for place, score in zip(row, how, strict=True) if score > 0]
        for row, how in zip(found, scores, strict=True)
    ]


def main() -> None:
    folder = Path(sys.argv[1])
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    passages, questions = texts["passages"], texts["questions"]
    found = {
        "LangChain FAISS, same vectors": langchain(passages, questions, np.load(folder / "vectors.npz")),
        "wordllama, 256 dimensions": llama(passages, questions),
        "bm25s alone": words(passages, questions),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
