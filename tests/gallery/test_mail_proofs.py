"""An e-mail address is proven by a code that was sent to it; a code is guessed at five times, and lasts a while."""

import asyncio
import re

import pytest

from flowloom.errors import FlowloomError, MailError
from flowloom.gallery.mail_proofs import LASTS, PER_HOUR, TRIES, MailProofs
from flowloom.kinds.mail import Mail, NoMailer
from flowloom.workspace import Workspace


class Post(NoMailer):
    """Fulfils `Mailer`: what was sent, and whom the server took nothing for."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.refused: tuple[str, ...] = ()

    def recipients(self, line: str) -> tuple[str, ...]:
        found = tuple(each.strip() for each in line.split(",") if each.strip())
        if not all("@" in each for each in found):
            raise MailError("“{line}” is no email address.", "Correct it.", line=line)
        return found

    async def send(self, mail: Mail) -> tuple[str, ...]:
        self.sent.append(mail)
        return self.refused

    @property
    def code(self) -> str:
        found = re.search(r"\d{6}", self.sent[-1].text)
        assert found
        return found[0]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def proofs(post: Post, clock: Clock) -> MailProofs:
    return MailProofs(post, clock)


def send(proofs: MailProofs, account: str = "ann", line: str = "ann@school.example", language: str = "en") -> str:
    return asyncio.run(proofs.send(account, line, language))


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_whoever_reads_the_code_is_verified_by_its_host(
    home: Workspace, proofs: MailProofs, post: Post, language: str
) -> None:
    builders = home.gallery.builders
    builders.change("ann", "Ann", "", "")
    assert send(proofs, language=language) == proofs.waiting("ann") == "ann@school.example"
    found = builders.prove_by_mail("ann", proofs.confirm("ann", f" {post.code[:3]} {post.code[3:]} "))
    assert found.proof == "@school.example"
    assert builders.change("ann", "Ann", "", "www.school.example").proof == "@school.example"
    with pytest.raises(FlowloomError, match="too old"):
        proofs.confirm("ann", post.code)


def test_a_code_is_of_one_account(proofs: MailProofs, post: Post) -> None:
    send(proofs)
    theirs = post.code
    send(proofs, "ben", "ben@school.example")
    with pytest.raises(FlowloomError, match="isn’t the code" if theirs != post.code else "too old"):
        proofs.confirm("ben", theirs if theirs != post.code else "")


def test_it_is_guessed_at_a_few_times(proofs: MailProofs, post: Post) -> None:
    send(proofs)
    for _ in range(TRIES):
        with pytest.raises(FlowloomError, match="isn’t the code"):
            proofs.confirm("ann", "no code")
    with pytest.raises(FlowloomError, match="too old"):
        proofs.confirm("ann", post.code)


def test_it_lasts_a_while(proofs: MailProofs, post: Post, clock: Clock) -> None:
    send(proofs)
    clock.now = LASTS + 1
    assert proofs.waiting("ann") == ""
    with pytest.raises(FlowloomError, match="too old"):
        proofs.confirm("ann", post.code)


def test_nobody_is_flooded(proofs: MailProofs, post: Post, clock: Clock) -> None:
    for _ in range(PER_HOUR):
        send(proofs)
    with pytest.raises(FlowloomError, match="within an hour"):
        send(proofs)
    clock.now = 3_601
    send(proofs)
    assert len(post.sent) == PER_HOUR + 1


@pytest.mark.parametrize("line", ["", "nobody", "a@b.example, c@d.example"])
def test_what_is_not_one_address(proofs: MailProofs, post: Post, line: str) -> None:
    with pytest.raises(FlowloomError):
        send(proofs, line=line)
    assert not post.sent


def test_a_server_that_takes_nothing_for_it(proofs: MailProofs, post: Post) -> None:
    post.refused = ("ann@school.example",)
    with pytest.raises(FlowloomError, match="doesn’t take email"):
        send(proofs)
    assert proofs.waiting("ann") == ""
