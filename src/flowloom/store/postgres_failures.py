"""What PostgreSQL reports, as sentences a person can act on; never with what it says itself, or an address."""

from flowloom.errors import Problem, StoreError
from flowloom.services.disk_failures import BUSY

ADDRESS = Problem.of(
    "store.postgres_address",
    "FLOWLOOM_DATABASE isn’t the address of a PostgreSQL database.",
    "Write it as postgresql://name:password@computer:5432/database, or remove it to keep everything in a file.",
)
PACKAGE = Problem.of(
    "store.postgres_package",
    "To keep its data in PostgreSQL, Flowloom needs one more package.",
    "Install Flowloom with it: pip install 'flowloom[postgres]'",
)
DOWN = Problem.of(
    "store.postgres_down",
    "Flowloom can’t reach its PostgreSQL database.",
    "Check that PostgreSQL is running and that FLOWLOOM_DATABASE names its computer and port, then try again.",
)
REFUSED = Problem.of(
    "store.postgres_refused",
    "PostgreSQL didn’t accept the name or the password in FLOWLOOM_DATABASE.",
    "Correct them, then restart Flowloom.",
)
MISSING = Problem.of(
    "store.postgres_missing",
    "PostgreSQL has no database of the name in FLOWLOOM_DATABASE.",
    "Create it, for example with createdb, or correct the name, then restart Flowloom.",
)
CROWDED = Problem.of(
    "store.postgres_crowded",
    "PostgreSQL accepts no more connections at the moment.",
    "Try again in a minute, or raise max_connections in the settings of PostgreSQL.",
)
FULL = Problem.of(
    "store.full",
    "The disk of the PostgreSQL database is full, so this couldn’t be saved.",
    "Free some space there, then try again. Everything saved before is still there.",
)
READ_ONLY = Problem.of(
    "store.readonly",
    "PostgreSQL doesn’t let Flowloom write, so this wasn’t saved.",
    "Give its user the right to write, or name the main server in FLOWLOOM_DATABASE instead of a copy.",
)
ONLY_READ = Problem.of(
    "store.only_read",
    "PostgreSQL doesn’t let Flowloom write, so nothing new is saved.",
    "Give its user the right to write, or name the main server in FLOWLOOM_DATABASE, then restart Flowloom.",
)
NOT_COPIED = Problem.of(
    "store.postgres_backup",
    "Your data is in PostgreSQL, so Flowloom makes no backups of it.",
    "Ask whoever looks after PostgreSQL to back it up, for example with pg_dump.",
)
NEWER = Problem.of(
    "store.postgres_version",
    "This PostgreSQL database hasn’t been prepared for this version of Flowloom, and can only be read.",
    "Start Flowloom once with a user who may write.",
)
_STATES = {
    "28": REFUSED, "3D": MISSING, "53300": CROWDED, "53100": FULL, "53400": FULL, "25006": READ_ONLY,
    "42501": READ_ONLY, "55P03": BUSY, "40P01": BUSY, "57014": BUSY, "57P": DOWN, "08": DOWN, "25P03": DOWN,
}  # fmt: skip
_SAYINGS = {
    "password": REFUSED,
    "role": REFUSED,
    "no pg_hba.conf entry": REFUSED,
    "too many": CROWDED,
    "remaining connection slots": CROWDED,
    "database": MISSING,
}
"""What libpq says where nobody could log in, which has no code; all else means that it wasn’t reached."""


def problem_of(error: BaseException | None) -> Problem | None:
    """What happened to the database, of a failure of the driver; None for a fault of the program."""
    import psycopg

    state = getattr(error, "sqlstate", None) or ""
    for length in (5, 3, 2):
        if state and (known := _STATES.get(state[:length])):
            return known
    if not isinstance(error, psycopg.OperationalError) or state:
        return None
    # A server that is starting or stopping says so of "the database system".
    said = str(error).replace("the database system", "").partition("FATAL:")[2]
    return next((problem for words, problem in _SAYINGS.items() if words in said), DOWN)


def told(error: Exception) -> Exception:
    """The same failure for people; what is a fault of the program stays as it is."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as NoneFree

    if isinstance(error, NoneFree):
        return StoreError.from_problem(BUSY)
    problem = problem_of(error.orig if isinstance(error, DBAPIError) else error)
    return StoreError.from_problem(problem) if problem else error


def is_down(error: Exception) -> bool:
    """Whether it may answer again in a moment, as after a restart."""
    return isinstance(error, StoreError) and error.problem.code in (DOWN.code, CROWDED.code)
