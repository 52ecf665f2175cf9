"""How a capsule is to be written: with its documents, only what they are found by, or without; by whom, locked."""

from textwrap import shorten

import streamlit as st
from pydantic import ValidationError

from flowloom.exchange.contents import MOST_EXAMPLES, Label
from flowloom.exchange.packing import CapsuleOptions, Knowledge
from flowloom.services.author import Author, load_author, save_author
from flowloom.ui.acting import my_folder
from flowloom.ui.formatting import count_of
from flowloom.ui.session import t
from flowloom.workspace import workspace

TITLE = 60
KNOWLEDGE: dict[Knowledge, tuple[str, str]] = {
    "sources": ("The documents", "Whoever imports it can search them and read them."),
    "index": (
        "Only the search index",
        "Whoever imports it can search, and doesn’t get the original files. The text of the passages can still be "
        "read in the capsule, as search needs it.",
    ),
    "none": ("No documents", "Whoever imports it adds documents of their own."),
}
"""What goes along of the documents, and what that means."""
SHORTEST = 8
"""Characters of a password."""


def draw_capsule_options(flow_id: str, key: str, documents: int) -> CapsuleOptions | None:
    """What was chosen; None where it cannot be written like this, which is said."""
    with st.expander(t("Options for the capsule"), icon=":material/tune:"):
        knowledge = _draw_knowledge(key, documents)
        examples = _draw_examples(flow_id, key)
        label = _draw_label(key)
        password = _draw_password(key)
    if label is None or password is None:
        return None
    return CapsuleOptions(knowledge=knowledge, examples=examples, password=password, label=label)


def _draw_knowledge(key: str, documents: int) -> Knowledge:
    if not documents:
        return "none"
    chosen: Knowledge = st.radio(
        t("Knowledge ({documents})", documents=count_of("document", documents)),
        list(KNOWLEDGE),
        format_func=lambda choice: t(KNOWLEDGE[choice][0]),
        captions=[t(caption) for _, caption in KNOWLEDGE.values()],
        key=f"{key}:knowledge",
    )
    return chosen


def _draw_examples(flow_id: str, key: str) -> tuple[str, ...]:
    """The conversations that go along, to show what the GPT is for."""
    titles = {each.id: shorten(each.title, TITLE) for each in workspace().runs.conversations(flow_id)}
    if not titles:
        return ()
    chosen = st.multiselect(
        t("Example chats"),
        list(titles),
        format_func=lambda id: titles.get(id, ""),
        max_selections=MOST_EXAMPLES,
        placeholder=t("None"),
        key=f"{key}:examples",
        help=t("Conversations of yours that go along. Whoever gets the capsule can read them; files in them stay."),
    )
    return tuple(chosen)


def _draw_password(key: str) -> str | None:
    """The password, "" where none is wanted; None where one is wanted that is not there yet.

    What was typed and not taken in yet must not leave a capsule open.
    """
    if not st.toggle(t("Lock with a password"), key=f"{key}:locked"):
        return ""
    password = st.text_input(
        t("Password"),
        type="password",
        key=f"{key}:password",
        help=t("Only someone who knows it can open the capsule. Nobody can recover it."),
    )
    if len(password) < SHORTEST:
        st.info(t("Enter at least {count} characters, then press Enter.", count=SHORTEST), icon=":material/lock:")
        return None
    return password


def _draw_label(key: str) -> Label | None:
    known = load_author(my_folder())
    author = st.text_input(
        t("Author"),
        known.author,
        key=f"{key}:author",
        max_chars=120,
        help=t("With a name, the capsule is signed: whoever imports it sees that it is unchanged since then."),
    )
    link = st.text_input(t("Link"), known.link, key=f"{key}:link", max_chars=490, placeholder="https://…")
    licence = st.text_input(
        t("Licence"), known.licence, key=f"{key}:licence", max_chars=120, placeholder=t("For example: CC BY 4.0")
    )
    edition = st.text_input(t("Version"), key=f"{key}:edition", max_chars=40, placeholder="1.0")
    price = st.text_input(
        t("Price"),
        key=f"{key}:price",
        max_chars=40,
        placeholder=t("For example: free for schools"),
        help=t("Told to whoever imports it. Flowloom takes no money."),
    )
    try:
        label = Label(
            author=author.strip(),
            link=link.strip(),
            licence=licence.strip(),
            edition=edition.strip(),
            price=price.strip(),
        )
    except ValidationError:
        st.warning(t("The link has to begin with https:// and may not contain spaces."))
        return None
    if (used := Author(author=label.author, link=label.link, licence=label.licence)) != known:
        save_author(my_folder(), used)
    return label
