"""E-mail to a real server: what arrives, what is refused, and what no text can do to its head."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from email import message_from_string, policy
from pathlib import Path

import pytest

from flowloom.errors import MailError
from flowloom.kinds.mail import Mail, MailFile
from flowloom.services.mail import smtp
from flowloom.services.mail.message import MOST, recipients_in
from flowloom.services.mail.settings import PASSWORD, MailAccount, account_for, load_account, save_account
from flowloom.services.mail.smtp import SmtpMailer
from flowloom.services.secrets import SecretStore
from tests.smtp_sink import SmtpSink, certificate, smtp_sink

SECRET = "hunter2-but-longer"
MAIL = Mail(to=("anna@example.org", "li@example.org"), subject="Réunion 会议", text="Lundi à 9 h.\n.\n\nÀ bientôt")


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SecretStore:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    return SecretStore(tmp_path)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with smtp_sink() as found:
        yield found


def account(sink: SmtpSink, **changes: object) -> MailAccount:
    known = {"address": "me@example.org", "server": "127.0.0.1", "port": sink.port, "security": "none"}
    return MailAccount.model_validate({**known, **changes})


def send(secrets: SecretStore, account: MailAccount, mail: Mail = MAIL, **options: object) -> tuple[str, ...]:
    return asyncio.run(SmtpMailer(secrets, account, **options).send(mail))  # type: ignore[arg-type]


def test_it_arrives_as_it_was_written(secrets: SecretStore, sink: SmtpSink) -> None:
    assert send(secrets, account(sink)) == ()
    (mail,) = sink.mails
    assert sink.to == [list(MAIL.to)]
    assert (mail["From"], mail["To"], mail["Subject"]) == ("me@example.org", ", ".join(MAIL.to), MAIL.subject)
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == MAIL.text
    assert mail["Message-ID"].endswith("@example.org>")


def test_files_arrive_as_they_were(secrets: SecretStore, sink: SmtpSink) -> None:
    file = MailFile(name='é"\r\nBcc: spy@example.org.csv', media_type="text/csv", data=b"a;b\r\n1;2\n\x00\xff")
    send(secrets, account(sink), MAIL.model_copy(update={"files": (file, file)}))
    (mail,) = sink.mails
    one, two = mail.iter_attachments()
    assert one.get_payload(decode=True) == file.data == two.get_payload(decode=True)
    assert one.get_content_type() == "text/csv"
    assert mail["Bcc"] is None


def test_no_text_becomes_a_header(secrets: SecretStore, sink: SmtpSink) -> None:
    send(secrets, account(sink), Mail(to=("a@example.org",), subject="x\r\nBcc: spy@example.org", text="\r\nCc: b"))
    (mail,) = sink.mails
    assert mail["Bcc"] is None
    assert mail["Cc"] is None
    assert mail["Subject"] == "x Bcc: spy@example.org"
    assert sink.to == [["a@example.org"]]


@pytest.mark.parametrize("first", [True, False], ids=["tls", "starttls"])
def test_signed_in_over_a_secure_connection(secrets: SecretStore, tmp_path: Path, first: bool) -> None:
    server, client = certificate(tmp_path)
    secrets.set(PASSWORD, SECRET)
    with smtp_sink(SECRET, server, first) as sink:
        known = account(sink, security="tls" if first else "starttls", user="me")
        send(secrets, known, context=lambda: client)
        assert len(sink.mails) == 1
        with pytest.raises(MailError) as refused:
            send(secrets, known)
        assert refused.value.problem.code == "mail.tls"
        secrets.set(PASSWORD, "wrong-" + SECRET)
        with pytest.raises(MailError) as wrong:
            send(secrets, known, context=lambda: client)
        assert wrong.value.problem.code == "mail.sign_in"
        assert SECRET not in str(wrong.value)
    assert len(sink.mails) == 1


def test_the_password_never_goes_out_in_the_open(secrets: SecretStore) -> None:
    open_account = MailAccount(address="me@example.org", server="mail.example.org", port=25, security="none")
    with pytest.raises(MailError) as refused:
        send(secrets, open_account)
    assert refused.value.problem.code == "mail.open"


def test_those_who_were_refused_are_named(secrets: SecretStore, sink: SmtpSink) -> None:
    sink.refuses = {"li@example.org"}
    assert send(secrets, account(sink)) == ("li@example.org",)
    sink.refuses = set(MAIL.to)
    with pytest.raises(MailError) as refused:
        send(secrets, account(sink))
    assert "anna@example.org" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_server_that_says_no_is_told_by_its_number(secrets: SecretStore, sink: SmtpSink) -> None:
    sink.answer = f"552 too much, {SECRET}"
    with pytest.raises(MailError) as refused:
        send(secrets, account(sink))
    assert "552" in str(refused.value)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("security", ["none", "tls", "starttls"])
def test_a_server_that_is_silent_or_gone(
    secrets: SecretStore, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setattr(smtp, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        known = MailAccount.model_validate(
            {"address": "me@example.org", "server": "127.0.0.1", "port": port, "security": security}
        )
        with pytest.raises(MailError) as late:
            send(secrets, known)
    with pytest.raises(MailError) as gone:
        send(secrets, known)
    assert {late.value.problem.code, gone.value.problem.code} == {"mail.connection"}


def test_without_an_account_one_is_told_where_to_set_it_up(secrets: SecretStore) -> None:
    with pytest.raises(MailError) as none:
        send(secrets, MailAccount())
    assert none.value.problem.code == "mail.no_account"


def test_a_draft_is_a_file_that_mail_programs_open(secrets: SecretStore) -> None:
    draft = SmtpMailer(secrets, MailAccount()).draft(MAIL)
    assert draft.isascii()
    mail = message_from_string(draft, policy=policy.default)
    assert (mail["To"], mail["Subject"], mail["X-Unsent"]) == (", ".join(MAIL.to), MAIL.subject, "1")
    assert mail["From"] is None


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a@example.org", ["a@example.org"]),
        (" a@example.org ,b@example.org;a@example.org", ["a@example.org", "b@example.org"]),
        ("a@example.org，b@example.org", ["a@example.org", "b@example.org"]),
        ("a@bücher.example", ["a@xn--bcher-kva.example"]),
        ("a.b+c@mail.example.org", ["a.b+c@mail.example.org"]),
        ("a@localhost", ["a@localhost"]),
    ],
)
def test_addresses_of_a_line(line: str, found: list[str]) -> None:
    assert list(recipients_in(line)) == found


@pytest.mark.parametrize(
    "line",
    [
        "", " , ", "anna", "@example.org", "a@", "a b@example.org", "a@b c.org", "Anna <a@example.org>",
        "a@example.org\rBcc: x@example.org", "a@example..org", "a@-.org ", "a\u202e@example.org", "a@[127.0.0.1]",
        "x" * 65 + "@example.org", "a@" + "x" * 64 + ".org", "a@b@example.org",
        ",".join(f"a{number}@example.org" for number in range(MOST + 1)),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(line: str) -> None:
    with pytest.raises(MailError):
        recipients_in(line)


def test_the_account_of_an_address_and_what_is_kept_of_it(tmp_path: Path) -> None:
    assert account_for("me@gmail.com").server == "smtp.gmail.com"
    assert account_for("me@school.example").server == "smtp.school.example"
    with pytest.raises(MailError):
        account_for("me")
    save_account(tmp_path, account_for("me@qq.com"))
    assert load_account(tmp_path) == account_for("me@qq.com")
    (tmp_path / "mail.json").write_text("{")
    assert load_account(tmp_path) == MailAccount()


def test_a_certificate_of_somebody_else_is_refused(secrets: SecretStore, tmp_path: Path) -> None:
    server, _ = certificate(tmp_path)
    (tmp_path / "other").mkdir()
    _, client = certificate(tmp_path / "other")
    with smtp_sink(tls=server) as sink, pytest.raises(MailError):
        send(secrets, account(sink, security="tls"), context=lambda: client)
    assert isinstance(client, ssl.SSLContext)
