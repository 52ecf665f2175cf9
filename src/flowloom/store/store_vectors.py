"""What GPTs of the store are about, as 16-bit numbers of the encoder `maker`, so that a restart embeds nothing."""

from collections.abc import Mapping

from flowloom.store.db import Database


class VectorStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, maker: str) -> dict[str, tuple[str, bytes]]:
        """By GPT: the digest of the text, and its vector."""
        rows = self._db.all("SELECT flow, digest, vector FROM store_vectors WHERE maker = ?", maker)
        return {flow: (digest, bytes(vector)) for flow, digest, vector in rows}

    def keep(self, maker: str, vectors: Mapping[str, tuple[str, bytes]]) -> None:
        if self._db.read_only or not vectors:
            return
        with self._db.transaction():
            for flow, (digest, vector) in vectors.items():
                self._db.do(
                    "INSERT INTO store_vectors VALUES (?, ?, ?, ?) ON CONFLICT (flow) DO UPDATE SET "
                    "digest = excluded.digest, maker = excluded.maker, vector = excluded.vector",
                    flow,
                    digest,
                    maker,
                    vector,
                )

    def delete_of(self, flow: str) -> None:
        self._db.do("DELETE FROM store_vectors WHERE flow = ?", flow)
