"""What stays of somebody who leaves a team, and what goes: their own chats are nobody else’s, ever."""

import hashlib

from flowloom.store.db import Database
from flowloom.store.runs import PAGE
from flowloom.store.visitor_facts import forget_visitor
from flowloom.store.visitor_records import VisitorRecords


def visitor_id(account: str, flow: str) -> str:
    """Who an account is to a GPT as a visitor, whatever browser they come with. No token is as long as this."""
    return hashlib.sha256(f"{flow}:account:{account}:{'-' * 43}".encode()).hexdigest()


class Leaving:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db, self._records = db, VisitorRecords(db)

    def keep_private(self, account: str) -> None:
        """Before their GPTs go to another: what they said to them is from now on as a visitor’s, theirs alone."""
        gpts = self._db.all("SELECT id FROM owners WHERE kind = 'gpt' AND account = ?", account)
        for (flow,) in gpts:
            self.keep_chats_private(account, flow)

    def keep_chats_private(self, account: str, flow: str) -> None:
        """The same for one GPT."""
        own = "(SELECT id FROM conversations WHERE flow = ? AND visitor = '' AND via = '')"
        with self._db.transaction():
            self._db.do(f"UPDATE runs SET via = '{PAGE}' WHERE conversation IN {own}", flow)
            # What ran beside a conversation, as a trial of one block, shows what was written there.
            alone = "flow = ? AND conversation IS NULL AND via = ''"
            self._db.do(f"UPDATE runs SET via = '{PAGE}' WHERE {alone}", flow)
            own, person = "flow = ? AND visitor = '' AND via = ''", visitor_id(account, flow)
            self._db.do(f"UPDATE conversations SET visitor = ?, via = '{PAGE}' WHERE {own}", person, flow)

    def conversations(self, account: str) -> list[str]:
        """All their conversations as a visitor, whatever the GPT."""
        flows = [flow for (flow,) in self._db.all("SELECT DISTINCT flow FROM conversations WHERE via = ?", PAGE)]
        return [each for flow in flows for each in self._records.conversations(flow, visitor_id(account, flow))]

    def runs_of(self, conversation: str) -> list[str]:
        return self._records.runs_of(conversation)

    def delete(self, conversation: str) -> None:
        self._records.delete(conversation)

    def forget(self, account: str) -> None:
        """Let go of what GPTs remember about somebody, what they rated and whom they follow, and their profile."""
        known = [f for (f,) in self._db.all("SELECT flow FROM visitor_facts UNION SELECT flow FROM store_ratings")]
        for flow in known:
            person = visitor_id(account, flow)
            forget_visitor(self._db, flow, person)
            self._db.do("DELETE FROM store_ratings WHERE flow = ? AND person = ?", flow, person)
        self._db.do("DELETE FROM visitor_facts WHERE visitor = ?", f"account:{account}")
        self._db.do("DELETE FROM store_followers WHERE person = ?1 OR builder = ?1", account)
        self._db.do("DELETE FROM store_builders WHERE account = ?", account)
