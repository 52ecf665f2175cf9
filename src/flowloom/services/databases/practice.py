"""A small database to practise with, made anew for each question: books, readers, and who has borrowed what."""

import sqlite3
from typing import TYPE_CHECKING

from flowloom.kinds.databases import Query
from flowloom.services.databases.engines import sqlite_engine

if TYPE_CHECKING:
    from sqlalchemy import Engine

_SCRIPT = """
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT, author TEXT, subject TEXT, copies INTEGER);
CREATE TABLE readers (id INTEGER PRIMARY KEY, name TEXT, class TEXT, email TEXT);
CREATE TABLE loans (book INTEGER REFERENCES books (id), reader INTEGER REFERENCES readers (id), due TEXT,
                    returned TEXT);
INSERT INTO books VALUES
  (1, 'Alice in Wonderland', 'Lewis Carroll', 'novel', 3),
  (2, 'Le Petit Prince', 'Antoine de Saint-Exupéry', 'novel', 4),
  (3, '西游记', '吴承恩', 'novel', 2),
  (4, 'The Origin of Species', 'Charles Darwin', 'biology', 1),
  (5, 'Euclid’s Elements', 'Euclid', 'mathematics', 2),
  (6, 'Silent Spring', 'Rachel Carson', 'biology', 2),
  (7, 'Cosmos', 'Carl Sagan', 'astronomy', 2),
  (8, 'Twenty Thousand Leagues under the Sea', 'Jules Verne', 'novel', 3);
INSERT INTO readers VALUES
  (1, 'Ada Lovelace', '5b', 'ada@example.org'),
  (2, 'Blaise Pascal', '5b', 'blaise@example.org'),
  (3, '李清照', '6a', 'li@example.org'),
  (4, 'Marie Curie', '6a', 'marie@example.org');
INSERT INTO loans VALUES
  (5, 1, date('now', '-12 days'), NULL),
  (2, 1, date('now', '+9 days'), NULL),
  (1, 2, date('now', '-3 days'), NULL),
  (3, 3, date('now', '+4 days'), NULL),
  (6, 4, date('now', '-30 days'), date('now', '-31 days')),
  (7, 4, date('now', '-1 days'), NULL);
"""


def engine(seconds: float) -> "Engine":
    return sqlite_engine(_made, Query(parts=("",), seconds=seconds))


def _made() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(_SCRIPT)
    return connection
