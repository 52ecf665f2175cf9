"""Gaps that a crash of an earlier version left between the log of a run and what was kept beside it."""

from flowloom.run.events import ENDS, read_event
from flowloom.run.reading.view import view_of
from flowloom.store.db import Database
from flowloom.store.questions import QuestionStore
from flowloom.store.runs import RunStore


class Healing:
    """Brings the runs of a conversation to what their logs say, each once."""

    def __init__(self, db: Database, runs: RunStore, questions: QuestionStore) -> None:
        self._db, self._runs, self._questions = db, runs, questions
        self._healed: set[str] = set()

    def heal(self, conversation: str) -> None:
        """Give every run that ended its turn, its state and its end; what is whole stays as it is."""
        # This version leaves no gaps, so one look at each conversation is enough.
        if conversation in self._healed or self._db.read_only:
            return
        for run_id in self._gaps(conversation):
            with self._db.transaction():
                # Another process may have been quicker.
                if run_id in self._gaps(conversation):
                    self._settle(run_id, conversation)
        self._healed.add(conversation)

    def _gaps(self, conversation: str) -> list[str]:
        rows = self._db.all(
            "SELECT id FROM runs WHERE conversation = ? AND (state IN ('running', 'paused') OR EXISTS "
            "(SELECT 1 FROM unfinished WHERE run = runs.id) OR NOT EXISTS "
            "(SELECT 1 FROM turns WHERE run = runs.id AND role = 'assistant')) ORDER BY started",
            conversation,
        )
        return [run_id for (run_id,) in rows if self._ended(run_id)]

    def _ended(self, run_id: str) -> bool:
        row = self._db.one("SELECT event FROM events WHERE run = ? ORDER BY seq DESC LIMIT 1", run_id)
        try:
            return row is not None and isinstance(read_event(row[0]), ENDS)
        except ValueError:
            return False

    def _settle(self, run_id: str, conversation: str) -> None:
        view = view_of(self._runs.events(run_id))
        if view.state in ("running", "paused"):
            return  # A damaged line in between: nobody can say what it answered.
        if not self._db.one("SELECT 1 FROM turns WHERE run = ? AND role = 'assistant' LIMIT 1", run_id):
            self._runs.add_answer(view, conversation)
            self._put_after_its_question(run_id, conversation)
        self._runs.tell(view)
        self._db.do("DELETE FROM unfinished WHERE run = ?", run_id)
        self._questions.withdraw(run_id)

    def _put_after_its_question(self, run_id: str, conversation: str) -> None:
        """Let what was said later come after the answer, which is hidden where its question was asked anew."""
        asked = self._db.one(
            "SELECT number, hidden FROM turns WHERE run = ? AND conversation = ? AND role = 'user'",
            run_id,
            conversation,
        )
        if asked is None:
            return
        (last,) = self._db.one("SELECT max(number) FROM turns")
        self._db.do(
            "UPDATE turns SET number = number + ? WHERE conversation = ? AND number > ? "
            "AND (run <> ? OR run IS NULL)",
            last,
            conversation,
            asked[0],
            run_id,
        )
        self._db.number_on("turns")
        self._db.do("UPDATE turns SET hidden = ? WHERE run = ? AND role = 'assistant'", asked[1], run_id)
