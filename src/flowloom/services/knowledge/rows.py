"""Passages as rows of SQLite."""

import sqlite3

from flowloom.kinds.values import Passage

TABLES = """
CREATE TABLE IF NOT EXISTS passages (id INTEGER PRIMARY KEY AUTOINCREMENT, file TEXT NOT NULL, page INTEGER,
    start INTEGER NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS passages_by_file ON passages (file);
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, size INTEGER, pages INTEGER, passages INTEGER,
    added_at TEXT, text TEXT);
CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER, checksum TEXT,
    embedder TEXT);
INSERT OR IGNORE INTO state VALUES (1, 0, '', '');
"""


def indexed_text(passage: Passage) -> str:
    return f"{passage.heading}\n{passage.text}" if passage.heading else passage.text


def insert_row(db: sqlite3.Connection, passage: Passage) -> int:
    made = db.execute(
        "INSERT INTO passages (file, page, start, heading, text) VALUES (?, ?, ?, ?, ?)",
        (passage.file, passage.page, passage.start, passage.heading, passage.text),
    )
    return int(made.lastrowid or 0)


def read_row(db: sqlite3.Connection, id: int, score: float) -> Passage | None:
    columns = "file, page, start, heading, text"
    found = db.execute(f"SELECT {columns} FROM passages WHERE id = ?", (id,)).fetchone()
    if found is None:
        return None
    return Passage(**dict(zip(columns.split(", "), found, strict=True)), score=round(score, 6))
