"""The tables as PostgreSQL has them. A test compares each with what `schema.py` makes of a file."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeEngine

Kind = type[TypeEngine[Any]]

metadata = MetaData()
"""Every table, and `schema_version`, which counts the changes that `user_version` counts in a file."""


def _column(name: str, kind: Kind, default: object = None, *, null: bool = False) -> Any:
    given = false() if default is False else None if default is None else text(repr(default))
    return Column(name, kind, nullable=null, server_default=given)


def _text(*names: str, default: str | None = None, null: bool = False) -> list[Any]:
    return [_column(name, Text, default, null=null) for name in names]


def _key(*names: str, kind: Kind = Text) -> list[Any]:
    return [Column(name, kind, primary_key=True, autoincrement=False) for name in names]


def _whole(*names: str, null: bool = False) -> list[Any]:
    return [_column(name, BigInteger, null=null) for name in names]


def _number(*names: str, null: bool = False, default: float | None = None) -> list[Any]:
    return [_column(name, Double, null=null, default=default) for name in names]


def _flag(*names: str, default: bool | None = None) -> list[Any]:
    return [_column(name, Boolean, default) for name in names]


def _bytes(*names: str) -> list[Any]:
    return [_column(name, LargeBinary) for name in names]


def _counted(name: str) -> Any:
    return Column(name, BigInteger, Identity(), primary_key=True)


def _order() -> Any:
    """In which order rows came, which SQLite knows by itself."""
    return Column("rowid", BigInteger, Identity(always=True), nullable=False)


def _table(name: str, *parts: Any) -> Table:
    columns = [each for part in parts for each in (part if isinstance(part, list) else [part])]
    return Table(name, metadata, *columns)


_table("schema_version", _whole("number"))
_table("seqs", _key("flow", "client"), _whole("seq", null=True))
_table(
    "versions", _key("flow"), _key("number", kind=BigInteger), _number("saved_at"), _text("name"), _bytes("data")
)
conversations = _table(
    "conversations", _key("id"), _text("flow"), _number("started"), _text("variables", default="{}"),
    _text("reader", "visitor", "via", default=""), _number("shared", null=True),
)  # fmt: skip
_table("attachments", _key("id"), _text("conversation", "facts"), _bytes("data"), _order())
turns = _table(
    "turns", _counted("number"), _text("conversation", "role", "text"), _text("run", null=True),
    _text("attachments", default="[]"), _text("problem", null=True), _flag("hidden", default=False),
)  # fmt: skip
runs = _table(
    "runs", _key("id"), _text("flow"), _text("conversation", null=True), _number("started"),
    _number("ended", null=True), _text("state"), _text("asked", "answered", default=""),
    _whole("tokens", null=True), _number("cost", null=True), _flag("told", default=False),
    _text("settings", "via", default=""),
)  # fmt: skip
_table("events", _key("run"), _key("seq", kind=BigInteger), _text("event"))
_table("ratings", _key("run"), _flag("good"), _text("reason", default=""))
_table("steps", _key("flow", "side"), _key("number", kind=BigInteger), _text("gesture"), _bytes("data"))
_table("step_stamps", _key("flow"), _text("stamp"))
_table("unfinished", _key("run"), _text("conversation"), _bytes("flow"), _text("settings", default=""), _order())
questions = _table(
    "questions", _key("id"), _text("run", "conversation", "flow", "node"), _number("asked"), _text("question"),
    _number("deadline", null=True), _text("reply", null=True), _flag("taken", default=False),
)  # fmt: skip
_table(
    "facts", _counted("id"), _text("name", "value", "flow", "learned_by"), _number("learned_at"),
    UniqueConstraint("name", "flow"),
)  # fmt: skip
_table("summaries", _key("conversation"), _key("covered", kind=BigInteger), _text("digest", "text"))
_table("consents", _key("flow", "host"), _flag("allowed"), _number("at"))
_table("processes", _key("id"), _text("place"), _whole("pid"), _text("born"), _whole("beat"))
_table("leases", _key("name"), _text("owner"), _text("wish", default=""))
_table("run_settings", _key("digest"), _bytes("data"))
_table(
    "shelf", _key("flow"), _flag("favourite", default=False), _text("folder", default=""),
    _number("opened", default=0.0),
)  # fmt: skip
_table("spending", _key("month", "flow"), _number("cost"))
_table("turn_vectors", _key("turn", kind=BigInteger), _text("maker"), _bytes("vector"))
_table("talks", _key("flow"), _key("number", kind=BigInteger), _text("turn"))
imports = _table("imports", _key("flow"), _text("format", "origin", "report"), _bytes("original"), _number("at"))
_table("visitor_facts", _key("visitor", "flow", "name"), _text("value"), _number("learned_at"))
_table(
    "publications", _key("flow"), _text("slug"), _whole("version"), _flag("live"), _text("terms"),
    UniqueConstraint("slug"),
)  # fmt: skip
_table(
    "published_versions",
    _key("flow"),
    _key("number", kind=BigInteger),
    _number("at"),
    _text("note"),
    _bytes("data"),
)
_table(
    "schedules", _key("id"), _text("flow", "message", "every", "missed"), _flag("active"), _number("next"),
    _number("last", null=True), _text("run", default=""), _text("problem", null=True),
)  # fmt: skip
_table(
    "hooks", _key("id"), _text("flow", "message"), _flag("active"), _number("last", null=True),
    _text("run", default=""), _text("problem", null=True),
)  # fmt: skip
_table(
    "mail_folders", _key("id"), _text("flow", "message", "box"), _whole("minutes"), _flag("active"),
    _number("next"), _whole("validity", "seen"), _number("last", null=True), _text("problem", null=True),
)  # fmt: skip
mail_messages = _table(
    "mail_messages", _key("folder"), _key("validity", "uid", kind=BigInteger), _number("at"),
    _text("subject", "run"), _text("problem", null=True),
)  # fmt: skip
hook_calls = _table("hook_calls", _key("hook", "key"), _number("at"), _text("run"))
_table(
    "batches", _key("id"), _text("flow", "name"), _number("begun"), _text("message", "titles"), _whole("at_once"),
    _flag("going"), _bytes("data"),
)  # fmt: skip
batch_rows = _table(
    "batch_rows", _key("batch"), _key("number", kind=BigInteger), _text("given", "state"),
    _text("run", "answer", default=""), _text("problem", null=True), _number("seconds", "cost", null=True),
)  # fmt: skip
_table(
    "api_keys", _key("id"), _text("hash", "flow", "facts"), _number("used", null=True),
    _flag("revoked", default=False), _text("account", default=""), UniqueConstraint("hash"),
)  # fmt: skip
_table("api_key_use", _key("key", "period"), _number("amount"))
api_runs = _table(
    "api_runs", _key("run"), _text("key", "conversation"), _number("at"), _text("repeat", "digest"),
    _flag("kept", "lasting"),
)  # fmt: skip
_table(
    "accounts", _key("id"), _text("name", "shown", "role", "hash"), _number("made"),
    _number("seen", "closed", null=True), UniqueConstraint("name"),
)  # fmt: skip
_table("people_groups", _key("name"))
group_members = _table("group_members", _key("name", "account"))
sign_ins = _table(
    "sign_ins", _key("hash"), _text("id", "account"), _number("made", "seen"), _text("device", "address")
)
attempts = _table("attempts", _key("id"), _text("who"), _number("at"))
_table(
    "invitations", _key("hash"), _text("id", "kind", "role", "member_of", "account", "note", "made_by"),
    _number("made", "expires"),
)  # fmt: skip
owners = _table("owners", _key("kind", "id"), _text("account"))
_table("identities", _key("subject"), _text("account"))
deeds = _table("deeds", _key("id"), _number("at"), _text("account", "who", "what", "about", "address"))
_table("datasets", _key("id"), _text("flow", "name"), _number("made"))
_table(
    "dataset_versions", _key("dataset"), _key("number", kind=BigInteger), _number("at"), _text("note"),
    _whole("amount"), _bytes("data"),
)  # fmt: skip
_table(
    "experiments", _key("id"), _text("flow", "name"), _number("begun"), _flag("going"),
    _text("problem", null=True), _text("plan"), _bytes("data"),
)  # fmt: skip
_table(
    "experiment_results", _key("experiment"), _key("arm", "number", kind=BigInteger), _text("answer"),
    _text("problem", null=True), _number("seconds", "cost", null=True), _text("scores"), _bytes("trace"),
)  # fmt: skip
model_calls = _table(
    "model_calls", _key("flow", "digest"), _number("at"), _text("experiment"), _number("cost", null=True),
    _text("reply"),
)  # fmt: skip
_table("cassettes", _key("id"), _text("flow", "name"), _number("made"), _bytes("data"))
_table("store_use", _key("flow"), _key("day", kind=BigInteger), _key("person"))
_table("store_ratings", _key("flow", "person"), _whole("stars"), _text("reason"), _number("at"))
_table("store_marks", _key("flow"), _number("featured", "down", null=True), _text("reason", default=""))
_table("store_vectors", _key("flow"), _text("digest", "maker"), _bytes("vector"))
_table(
    "store_reviews", _key("flow", "digest"), _number("at"), _text("state", "findings"), _text("reason", default="")
)
store_reports = _table(
    "store_reports", _key("id"), _text("flow"), _number("at"), _text("person", "kind", "text"),
    _text("decision", default=""),
)  # fmt: skip
store_decisions = _table(
    "store_decisions", _key("id"), _text("flow", "account"), _number("at"), _text("who", "what", "reason"),
    _text("appeal", default=""), _number("appealed", "ended", null=True),
)  # fmt: skip
_table(
    "store_builders", _key("account"), _text("slug", "shown", "about", "site", "token"),
    _text("proof", default=""), _number("verified", null=True), UniqueConstraint("slug"),
)  # fmt: skip
_table("store_followers", _key("builder", "person"), _number("at"))
_table(
    "earning_postings",
    _key("number", kind=BigInteger),
    _number("at"),
    _text("what", "ref", "about"),
    UniqueConstraint("ref"),
)
earning_lines = _table(
    "earning_lines", _key("posting", "line", kind=BigInteger), _text("debit", "credit", "currency"),
    _whole("amount"), CheckConstraint("amount > 0"),
)  # fmt: skip
earning_orders = _table(
    "earning_orders", _key("id"), _whole("number"), _number("at"), _text("flow", "title", "builder", "buyer"),
    _text("name", "kind"), _whole("quantity", "amount"), _text("currency"), _whole("host_part"),
    _text("provider", "reference", "state"), _number("paid", "until", null=True), _whole("refunded"),
    UniqueConstraint("number"),
)  # fmt: skip
earning_uses = _table("earning_uses", _key("conversation"), _text("flow", "buyer"), _number("at"))
_table("earning_events", _key("id"), _number("at"))
earning_codes = _table(
    "earning_codes", _key("hash"), _text("flow", "kind"), _whole("quantity"), _number("made"),
    _number("used", null=True),
)  # fmt: skip
_table("earning_payees", _key("account"), _text("name", "iban", "bic"))
earning_payouts = _table(
    "earning_payouts", _key("id"), _number("at"), _text("account", "currency"), _whole("amount"),
    _text("name", "iban", "bic", "state"), _number("ended", null=True),
)  # fmt: skip
_table("workspace_settings", _key("name"), _text("value"))
_table("retention", _key("flow"), _whole("days"))
_table("group_use", _key("month", "name"), _whole("asked"), _number("cost"))
_table(
    "feeds", _key("id"), _text("address", "key", "new_key", "etag"), _number("looked"), _text("problem", null=True),
    _text("data"), UniqueConstraint("address"),
)  # fmt: skip
_table("prompts", _key("id"), _text("flow", "name"), _number("made"))
_table("prompt_versions", _key("prompt"), _key("number", kind=BigInteger), _number("at"), _text("who", "data"))
prompt_tries = _table(
    "prompt_tries", _key("id"), _text("prompt"), _whole("number"), _number("at"), _text("who"), _flag("going"),
    _text("problem", null=True), _text("plan"),
)  # fmt: skip
_table(
    "prompt_samples", _key("trial"), _key("step", "number", kind=BigInteger), _number("at"),
    _number("cost", null=True), _whole("read", "written", null=True), _number("seconds", "sureness", null=True),
    _flag("taken"), _text("problem", null=True), _bytes("data"),
)  # fmt: skip
_table("dataset_files", _key("flow", "id"), _text("facts"), _bytes("data"))
_table(
    "tunings", _key("id"), _text("flow", "name"), _number("at"), _text("who", "state", "job", "model"),
    _text("problem", null=True), _text("plan", "progress"), _bytes("data"),
)  # fmt: skip
_table("assistants", _key("id"), _number("made"), _text("facts"))
assistant_tokens = _table(
    "assistant_tokens", _key("hash"), _text("kind", "client", "key"), _number("expires"),
    _number("spent", null=True), _text("facts"),
)  # fmt: skip
passkeys = _table(
    "passkeys", _key("id"), _text("account", "name", "host"), _bytes("key"), _whole("counter"), _number("made"),
    _number("used", null=True),
)  # fmt: skip
_table("dropped_files", _key("id"))


def _index(name: str, table: Table, *columns: str, where: str = "", unique: bool = False) -> None:
    only: Any = {"postgresql_where": text(where)} if where else {}
    Index(name, *(table.c[column] for column in columns), unique=unique, **only)


_index("conversations_of", conversations, "flow", "started")
_index("conversations_of_visitor", conversations, "visitor", "flow", "started", where="visitor <> ''")
_index("turns_of", turns, "conversation", "number")
_index("turns_by_run", turns, "run")
_index("runs_of", runs, "flow", "started")
_index("runs_untold", runs, "started", where="NOT told")
_index("runs_by_time", runs, "started")
_index("runs_by_state", runs, "state", "started")
_index("runs_by_conversation", runs, "conversation")
_index("questions_open", questions, "deadline", where="reply IS NULL")
_index("imports_by_origin", imports, "format", "origin")
_index("hook_calls_by_time", hook_calls, "at")
_index("mail_messages_by_run", mail_messages, "run", where="run <> ''")
_index("batch_rows_by_state", batch_rows, "batch", "state", "number")
_index("batch_rows_by_run", batch_rows, "run", where="run <> ''")
_index("api_runs_repeated", api_runs, "key", "repeat", where="repeat <> ''", unique=True)
_index("api_runs_of", api_runs, "conversation")
_index("group_members_by_account", group_members, "account")
_index("sign_ins_of", sign_ins, "account")
_index("attempts_of", attempts, "who", "at")
_index("owners_by_account", owners, "account", "kind")
_index("deeds_by_time", deeds, "at")
_index("model_calls_by_experiment", model_calls, "experiment")
_index("store_reports_of", store_reports, "flow", "decision")
_index("store_decisions_of", store_decisions, "account", "at")
_index("earning_lines_by_debit", earning_lines, "debit", "currency")
_index("earning_lines_by_credit", earning_lines, "credit", "currency")
_index("earning_orders_of", earning_orders, "buyer", "flow")
_index("earning_orders_by_state", earning_orders, "state", "number")
_index("earning_orders_by_reference", earning_orders, "reference")
_index("earning_uses_of", earning_uses, "buyer", "flow")
_index("earning_codes_of", earning_codes, "flow", "made")
_index("earning_payouts_by_state", earning_payouts, "state", "at")
_index("prompt_tries_of", prompt_tries, "prompt", "at")
_index("assistant_tokens_of", assistant_tokens, "key")
_index("passkeys_of", passkeys, "account")
