"""The queue of DBOS, in a schema of its own beside our tables, in the same PostgreSQL.

DBOS keeps the order and the limits. What becomes of a run is in our log alone, and who has ended is told by our
leases: the library by itself leaves a workflow pending for ever whose process is gone for good.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flowloom.errors import Problem, StoreError
from flowloom.store.postgres import PostgresDatabase
from flowloom.store.postgres_failures import told
from flowloom.store.work_queue import Work

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus

PACKAGE = Problem.of(
    "worker.package",
    "A worker needs one more package.",
    "Install Flowloom with it on each machine: pip install 'flowloom[workers]'",
)
NAME, WORKFLOW = "flowloom", "run"
VERSION = "1"
"""Of what is put: a worker takes up no other, so it changes only where an older worker would go wrong."""
LOOK = 0.2
"""Seconds between looks at what waits."""
KEPT = 3_600.0
"""Seconds for which what is over stays in the queue."""
AT_A_TIME = 500
MOST_KNOWN = 20_000
POOL = 4
"""Connections of a worker beside those of the store."""
OVER = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


def is_installed() -> bool:
    return find_spec("dbos") is not None


class DbosQueue:
    """Fulfils WorkQueue. Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: PostgresDatabase) -> None:
        self._db = db
        self._found: DBOSClient | None = None
        self._at_once = 1
        self._lanes: dict[str, int] = {}
        self._serves = False

    def prepare(self) -> None:
        self._client()

    def put(self, run_id: str, lane: str) -> None:
        options: Any = {
            "queue_name": lane,
            "workflow_name": WORKFLOW,
            "workflow_id": uuid4().hex,
            "app_version": VERSION,
            "application_name": NAME,
        }
        with _as_ours():
            self._client().enqueue_in_transaction(self._db.held, options, run_id)

    def serve(self, me: str, lanes: Mapping[str, int], at_once: int, work: Work) -> None:
        if not is_installed():
            raise StoreError.from_problem(PACKAGE)
        from dbos import DBOS

        self._at_once = at_once
        config: Any = {
            "name": NAME,
            "application_version": VERSION,
            "executor_id": me,
            "system_database_url": self._db.address,
            "dbos_system_schema": self._schema(),
            "sys_db_pool_size": POOL,
            "use_listen_notify": False,
            "max_executor_threads": at_once + 4,
            # What it would say holds addresses and texts; what goes wrong with a run is in our log.
            "log_level": "CRITICAL",
        }
        with _as_ours():
            DBOS(config=config)
            DBOS.workflow(name=WORKFLOW)(lambda run_id: work(run_id))  # it takes functions, not methods
            DBOS.launch()
            self._serves = True
            self.limit(lanes)

    def limit(self, lanes: Mapping[str, int]) -> None:
        from dbos import DBOS

        if not self._serves or dict(lanes) == self._lanes:
            return
        for lane, most in lanes.items():
            with _as_ours():
                DBOS.register_queue(
                    lane,
                    worker_concurrency=min(self._at_once, most),
                    global_concurrency=most,
                    polling_interval_sec=LOOK,
                    on_conflict="always_update",
                )
        self._lanes = dict(lanes)

    def had(self, worker: str) -> dict[str, str]:
        with _as_ours():
            found = self._client().list_workflows(status="PENDING", executor_id=worker, load_output=False)
        return {each.workflow_id: _run_of(each) for each in found}

    def take_back(self, entries: Iterable[str]) -> None:
        with _as_ours():
            self._client().cancel_workflows([*entries])

    def known(self) -> set[str] | None:
        with _as_ours():
            found = self._client().list_workflows(
                status=["ENQUEUED", "PENDING"], limit=MOST_KNOWN, load_output=False
            )
        return None if len(found) == MOST_KNOWN else {_run_of(each) for each in found}

    def forget_ended(self) -> None:
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - KEPT))
        with _as_ours():
            client = self._client()
            old = client.list_workflows(
                status=OVER, end_time=until, limit=AT_A_TIME, load_input=False, load_output=False
            )
            if old:
                client.delete_workflows([each.workflow_id for each in old])

    def close(self) -> None:
        if self._serves:
            from dbos import DBOS

            self._serves = False
            DBOS.destroy(destroy_registry=True)

    def _client(self) -> "DBOSClient":
        if self._found is None:
            from dbos import DBOSClient

            self._found = DBOSClient(
                system_database_engine=self._db.engine,
                dbos_system_schema=self._schema(),
                application_name=NAME,
                lazy=True,
                retry_connection_errors=False,
            )
        return self._found

    def _schema(self) -> str:
        """Beside the schema of our tables, as one database may hold several installations."""
        (ours,) = self._db.one("SELECT current_schema()")
        return f"{ours}_queue"[:63]


def _run_of(entry: "WorkflowStatus") -> str:
    given = entry.input["args"] if entry.input else ()
    return str(given[0]) if given else ""


@contextmanager
def _as_ours() -> Iterator[None]:
    """Failures of the database in our words."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as error:
        raise told(error) from None
