"""Reading a mail folder: nothing in it is changed, secrets stay secret, broken mail is read as far as it goes."""

from pathlib import Path

import pytest

from flowloom.errors import MailError
from flowloom.services.mail.folders import MOST_AT_ONCE, MOST_BYTES, MailBox, MailFolders, folder_name
from flowloom.services.mail.letters import letter_of
from tests.imap_server import Folder, Imap, imap_server
from tests.smtp_sink import certificate

HERE = ["127.0.0.1"]
PLAIN = b"From: Ada <ada@example.org>\nSubject: Lamp\n\nIt is broken.\n"


def box_of(imap: Imap, **more: object) -> MailBox:
    given = {"host": "127.0.0.1", "port": imap.port, "security": "none", "user": "ada@example.org", **more}
    return MailBox.model_validate(given)


def test_only_what_comes_after_is_taken() -> None:
    with imap_server() as imap:
        imap.inbox.put(PLAIN)
        first = MailFolders().look(box_of(imap), imap.password, HERE, 0, 0)
        assert (first.validity, first.seen, first.letters) == (7, 1, [])
        imap.inbox.put(PLAIN)
        (second,) = MailFolders().look(box_of(imap), imap.password, HERE, 7, 1).letters
        assert (second[0], second[1].subject, second[1].text) == (2, "Lamp", "It is broken.")
        assert MailFolders().look(box_of(imap), imap.password, HERE, 7, 2).letters == []
        said = " ".join(imap.asked)
        assert "SELECT" not in said
        assert "STORE" not in said
        assert "PEEK" in said


def test_many_are_taken_in_portions() -> None:
    with imap_server() as imap:
        for _ in range(MOST_AT_ONCE + 3):
            imap.inbox.put(PLAIN)
        first = MailFolders().look(box_of(imap), imap.password, HERE, 7, 0)
        rest = MailFolders().look(box_of(imap), imap.password, HERE, 7, first.seen)
        assert (len(first.letters), first.more, len(rest.letters), rest.more) == (MOST_AT_ONCE, True, 3, False)


@pytest.mark.parametrize(("security", "first"), [("tls", True), ("starttls", False)])
def test_it_is_read_over_a_checked_connection(tmp_path: Path, security: str, first: bool) -> None:
    server, client = certificate(tmp_path)
    with imap_server(server, first) as imap:
        imap.inbox.put(PLAIN)
        box = box_of(imap, security=security)
        assert MailFolders(lambda: client).look(box, imap.password, HERE, 7, 0).letters
        with pytest.raises(MailError) as caught:
            MailFolders().look(box, imap.password, HERE, 7, 0)
        assert caught.value.problem.code == "mail.tls"


@pytest.mark.parametrize(
    ("given", "password", "code"),
    [
        ({}, "wrong-secret", "mail.sign_in"),
        ({"folder": "Nowhere"}, "", "mail.folder"),
        ({"port": 9}, "", "mail.connection"),
        ({"host": "mail.example.org"}, "", "mail.open"),
    ],
)
def test_what_goes_wrong_is_said_without_the_password(given: dict[str, object], password: str, code: str) -> None:
    with imap_server() as imap, pytest.raises(MailError) as caught:
        MailFolders().look(box_of(imap, **given), password or imap.password, HERE, 7, 0)
    assert caught.value.problem.code == code
    assert "secret" not in str(caught.value.problem)
    assert caught.value.__cause__ is None


def test_one_that_is_too_large_is_not_fetched() -> None:
    with imap_server() as imap:
        imap.inbox.put(PLAIN)
        imap.says_size = MOST_BYTES + 1
        ((_, letter),) = MailFolders().look(box_of(imap), imap.password, HERE, 7, 0).letters
        assert letter.unread == "large"
        assert not any("PEEK" in each for each in imap.asked)


@pytest.mark.parametrize("number", [2**32, 10**30])
def test_numbers_that_are_none_of_imap_are_not_taken(number: int) -> None:
    with imap_server() as imap:
        imap.inbox.messages[number] = PLAIN
        assert MailFolders().look(box_of(imap), imap.password, HERE, 7, 0).letters == []
        imap.inbox.validity = number
        with pytest.raises(MailError):
            MailFolders().look(box_of(imap), imap.password, HERE, 7, 0)


def test_a_server_that_sends_more_than_it_said_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    with imap_server() as imap:
        imap.inbox.put(PLAIN)
        imap.says_size = 1
        monkeypatch.setattr("flowloom.services.mail.folders.MOST_BYTES", 10)
        with pytest.raises(MailError):
            MailFolders().look(box_of(imap), imap.password, HERE, 7, 0)


@pytest.mark.parametrize(
    ("name", "written"),
    [("INBOX", "INBOX"), ("Tom & Jerry", "Tom &- Jerry"), ("Entwürfe", "Entw&APw-rfe"), ("收件", "&ZTZO9g-")],
)
def test_folders_have_names_of_any_language(name: str, written: str) -> None:
    assert folder_name(name) == written
    with imap_server() as imap:
        imap.folders[written] = Folder(messages={1: PLAIN}, next=2)
        assert MailFolders().look(box_of(imap, folder=name), imap.password, HERE, 7, 0).letters


MIXED = b"""From: a@b.c
Subject: =?utf-8?q?Sch=C3=B6n?=
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/html; charset=utf-8

<style>p {}</style><p>One &amp; two</p><p>three</p>
--x
Content-Type: application/pdf
Content-Disposition: attachment; filename="plan.pdf"

secret
--x--
"""


@pytest.mark.parametrize(
    ("raw", "subject", "text", "files"),
    [
        (PLAIN, "Lamp", "It is broken.", ()),
        (MIXED, "Schön", "One & two\nthree", ("plan.pdf",)),
        (b"", "", "", ()),
        (b"Subject: a\nContent-Type: text/html\n\n<![x[ <p>hi", "a", "", ()),
        (b"\xff\xfe\x00", "", None, ()),
        (b"Content-Type: text/plain; charset=no-such\n\nh\xc3\xa9", "", "hé", ()),
        (b"Content-Type: multipart/mixed; boundary=\n\n--\n", "", None, None),
        (b"Subject: a\r\n b\n\nx", "a b", "x", ()),
        (b"From: <<<@@\nSubject: =?x?b?!!?=\n\nx", None, "x", ()),
    ],
)
def test_a_message_is_read_as_well_as_it_can_be(
    raw: bytes, subject: str | None, text: str | None, files: tuple[str, ...] | None
) -> None:
    found = letter_of(raw)
    assert subject in (None, found.subject)
    assert text in (None, found.text)
    assert files in (None, found.files)
