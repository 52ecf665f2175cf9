"""How people come in, are known again, and are let in no more."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flowloom.errors import FlowloomError
from flowloom.people import passwords, sessions
from flowloom.people.names import shown_name, sign_in_name
from flowloom.people.passwords import check_password, fits, hash_password
from flowloom.people.problems import PeopleError
from flowloom.people.sessions import FROM_ONE, IDLE, LONGEST, Place
from flowloom.people.team import Team
from flowloom.store.accounts import Account
from flowloom.store.opening import open_database
from tests.kept_in import tables_of

pytestmark = pytest.mark.usefixtures("kept_in")
HERE, THERE = Place("192.0.2.1", "Firefox"), Place("192.0.2.2")
PASSWORD = "a kite over the harbour"


def code_of(error: pytest.ExceptionInfo[FlowloomError]) -> str:
    return error.value.problem.code


def begun(team: Team, name: str = "ada@example.org") -> tuple[Account, str]:
    """The first admin, and the token of their sign-in."""
    token = team.joining.set_up(team.joining.new_code(), name, "Ada", PASSWORD, HERE)
    present = team.sessions.who(token)
    assert present
    return present.account, token


def joined(
    team: Team, by: Account, name: str = "ben", role: str = "builder", groups: tuple[str, ...] = ()
) -> Account:
    link = team.joining.invite(by, role, groups)  # type: ignore[arg-type]
    present = team.sessions.who(team.joining.join(link, name, "", PASSWORD, HERE))
    assert present
    return present.account


# -- set-up


def test_the_first_account_is_made_with_the_code_of_the_terminal(team: Team) -> None:
    assert not team.joining.is_set_up()
    admin, _ = begun(team)
    assert (admin.name, admin.shown, admin.role) == ("ada@example.org", "Ada", "admin")
    assert team.joining.is_set_up()


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")]
)
def test_a_code_is_read_however_it_is_typed(team: Team, typed: Callable[[str], str]) -> None:
    code = team.joining.new_code()
    assert team.joining.set_up(typed(code), "ada", "", PASSWORD, HERE)


@pytest.mark.parametrize("code", ["", "x", "AAAAA-AAAAA-AAAAA-AAAAA"])
def test_another_code_sets_nothing_up(team: Team, code: str) -> None:
    team.joining.new_code()
    with pytest.raises(PeopleError) as error:
        team.joining.set_up(code, "ada", "", PASSWORD, HERE)
    assert code_of(error) == "people.code"
    assert not team.joining.is_set_up()


def test_no_code_works_twice_nor_a_second_one_after_set_up(team: Team) -> None:
    first, second = team.joining.new_code(), team.joining.new_code()
    team.joining.set_up(first, "ada", "", PASSWORD, HERE)
    for code in (first, second, team.joining.new_code()):
        with pytest.raises(PeopleError) as error:
            team.joining.set_up(code, "eve", "", PASSWORD, HERE)
        assert code_of(error) == "people.set_up"
    assert [each.name for each in team.accounts.all()] == ["ada"]


def test_of_many_who_set_up_at_once_one_does(two: tuple[Team, Team]) -> None:
    """Two processes on one folder: each has a code of its own."""
    teams = two
    codes = [team.joining.new_code() for team in teams]

    def set_up(number: int) -> str:
        try:
            return teams[number].joining.set_up(codes[number], f"ada{number}", "", PASSWORD, HERE)
        except PeopleError as error:
            return error.problem.code

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(set_up, range(2)))
    assert len(teams[0].accounts.all()) == 1
    assert sorted(each in ("people.set_up", "people.link", "people.code") for each in told) == [False, True]


# -- passwords and names


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "password123",
        "aaaaaaaaaaaa",
        "1234567890",
        "9876543210",
        "abcdefghijk",
        "ada-lovelace",
        "x" * 201,
    ],
)
def test_a_password_that_could_be_guessed_is_refused(password: str) -> None:
    with pytest.raises(PeopleError) as error:
        check_password(password, "ada-lovelace@example.org")
    assert code_of(error) == "people.password"


@pytest.mark.parametrize("password", [PASSWORD, "x7!kQ2pm#Lw", "风筝飞过港口上空的早晨吧", "pferd batterie"])
def test_a_good_one_is_taken(password: str) -> None:
    check_password(password, "ada")
    kept = hash_password(password)
    assert password not in kept
    assert fits(password, kept)
    assert not fits(password + "x", kept)


@pytest.mark.parametrize("kept", ["", "x", "$argon2id$broken"])
def test_nothing_is_never_the_password(kept: str) -> None:
    assert not fits("", kept)
    assert not fits("nobody has this one", kept)


def test_an_unknown_name_takes_as_much_work_as_a_known_one(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(team)
    asked: list[bool] = []
    monkeypatch.setattr(sessions, "fits", lambda password, kept: asked.append(bool(kept)) or fits(password, kept))
    told = []
    for name in ("ada@example.org", "nobody@example.org", "", "not a name\0"):
        with pytest.raises(PeopleError) as error:
            team.sessions.sign_in(name, "wrong password", HERE)
        told.append(error.value.problem)
    assert asked == [True, False, False, False]
    assert len(set(map(str, told))) == 1
    assert passwords._nobodys().partition("$argon2id$")[1], "what is compared is a hash of the same kind"


@pytest.mark.parametrize(
    ("given", "name"),
    [("Ada@Example.org ", "ada@example.org"), ("ＡＤＡ", "ada"), ("ádá", "ádá"), ("王芳", "王芳")],
)
def test_a_name_is_the_same_however_it_is_written(given: str, name: str) -> None:
    assert sign_in_name(given) == name


@pytest.mark.parametrize("given", ["", "a", "a b", "a\nb", "<script>", "x" * 101])
def test_what_is_no_name_is_refused(given: str) -> None:
    with pytest.raises(PeopleError):
        sign_in_name(given)


def test_what_others_see_is_one_line() -> None:
    assert shown_name(" Ada\n\u202eLovelace ", "ada") == "Ada Lovelace"
    assert shown_name("", "ada@example.org") == "ada"


# -- sign-ins


def test_signing_in_gives_a_token_of_which_only_a_digest_is_kept(team: Team) -> None:
    admin, _ = begun(team)
    token = team.sessions.sign_in("ADA@example.org", PASSWORD, THERE)
    present = team.sessions.who(token)
    assert present
    assert present.account.id == admin.id
    db = team.accounts._db
    dump = repr([db.all(f"SELECT * FROM {table}") for table in tables_of(db)])
    assert admin.name in dump
    assert token not in dump
    assert PASSWORD not in dump


def test_a_new_sign_in_of_a_browser_ends_the_one_before(team: Team) -> None:
    _, before = begun(team)
    after = team.sessions.sign_in("ada@example.org", PASSWORD, HERE, before)
    assert team.sessions.who(before) is None
    assert team.sessions.who(after)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "é" * 43])
def test_another_token_is_nobodys(team: Team, token: str) -> None:
    begun(team)
    assert team.sessions.who(token) is None


@pytest.mark.parametrize(
    ("later", "used", "lasts"),
    [(IDLE - 9, False, True), (IDLE + 9, False, False), (LONGEST - 9, True, True), (LONGEST + 9, True, False)],
)
def test_a_sign_in_ends(team: Team, monkeypatch: pytest.MonkeyPatch, later: float, used: bool, lasts: bool) -> None:
    _, token = begun(team)
    now = time.time()
    steps = [IDLE / 2 * step for step in range(1, 99) if IDLE / 2 * step < later] if used else []
    for after in (*steps, later):
        monkeypatch.setattr(time, "time", lambda after=after: now + after)
        team.sessions._clock = time.time
        found = team.sessions.who(token)
    assert (found is not None) == lasts


def test_signing_out_here_and_everywhere(team: Team) -> None:
    admin, first = begun(team)
    second = team.sessions.sign_in("ada@example.org", PASSWORD, THERE)
    third = team.sessions.sign_in("ada@example.org", PASSWORD, THERE)
    team.sessions.end(second)
    assert [team.sessions.who(each) is not None for each in (first, second, third)] == [True, False, True]
    kept = team.sessions.who(third)
    assert kept
    team.sessions.end_all(admin, besides=kept.sign_in.id)
    assert [team.sessions.who(each) is not None for each in (first, third)] == [False, True]
    team.sessions.end_all(admin)
    assert team.sessions.who(third) is None


def test_nobody_ends_the_sign_in_of_somebody_else(team: Team) -> None:
    admin, token = begun(team)
    joined(team, admin, "eve")
    eve = team.sessions.who(team.sessions.sign_in("eve", PASSWORD, THERE))
    ada = team.sessions.who(token)
    assert eve
    assert ada
    team.sessions.end_one(eve, ada.sign_in.id)
    assert team.sessions.who(token)


# -- attempts


def test_who_is_wrong_too_often_has_to_wait_also_with_the_right_password(team: Team) -> None:
    begun(team)
    for _ in range(FROM_ONE):
        with pytest.raises(PeopleError) as error:
            team.sessions.sign_in("ada@example.org", "wrong password", THERE)
        assert code_of(error) == "people.wrong"
    with pytest.raises(PeopleError) as error:
        team.sessions.sign_in("ada@example.org", PASSWORD, THERE)
    assert code_of(error) == "people.pace"
    assert team.sessions.sign_in("ada@example.org", PASSWORD, HERE), "from elsewhere they are not locked out"


@pytest.mark.parametrize("which", ["names from one address", "addresses for one name"])
def test_many_names_or_many_addresses_are_counted_too(team: Team, which: str) -> None:
    begun(team)
    told = set()
    for number in range(sessions.FOR_ONE + 1):
        one = which == "names from one address"
        name, place = (f"name{number}", THERE) if one else ("ada@example.org", Place(f"192.0.2.{number + 9}"))
        with pytest.raises(PeopleError) as error:
            team.sessions.sign_in(name, "wrong password", place)
        told.add(code_of(error))
    assert told == {"people.wrong", "people.pace"}


def test_attempts_at_once_are_no_way_around_it(team: Team) -> None:
    begun(team)

    def attempt(number: int) -> str:
        try:
            return team.sessions.sign_in("ada@example.org", f"wrong password {number}", THERE)
        except PeopleError as error:
            return error.problem.code

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(attempt, range(24)))
    assert told.count("people.wrong") == FROM_ONE


def test_after_a_while_one_may_try_again(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(team)
    for _ in range(FROM_ONE):
        with pytest.raises(PeopleError):
            team.sessions.sign_in("ada@example.org", "wrong password", THERE)
    later = time.time() + sessions.WINDOW + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert team.sessions.sign_in("ada@example.org", PASSWORD, THERE)


# -- invitations and links


def test_an_invitation_lets_one_person_in_with_the_role_and_groups_that_were_chosen(team: Team) -> None:
    admin, _ = begun(team)
    link = team.joining.invite(admin, "member", ("teachers",), note="Ben")
    assert team.joining.look_at(link, HERE)[0].groups == ("teachers",)
    present = team.sessions.who(team.joining.join(link, "ben", "Ben", PASSWORD, HERE))
    assert present
    assert (present.account.role, present.account.groups) == ("member", ("teachers",))
    with pytest.raises(PeopleError) as error:
        team.joining.join(link, "eve", "", PASSWORD, HERE)
    assert code_of(error) == "people.link"


def test_what_is_wrong_with_the_form_leaves_the_invitation_good(team: Team) -> None:
    admin, _ = begun(team)
    link = team.joining.invite(admin, "builder")
    for name, password in [("ada@example.org", PASSWORD), ("ben", "short"), ("b n", PASSWORD)]:
        with pytest.raises(FlowloomError):
            team.joining.join(link, name, "", password, HERE)
    assert team.joining.join(link, "ben", "", PASSWORD, HERE)


def test_of_two_who_use_a_link_at_once_one_gets_in(team: Team) -> None:
    admin, _ = begun(team)
    link = team.joining.invite(admin, "builder")

    def join(number: int) -> bool:
        try:
            return bool(team.joining.join(link, f"ben{number}", "", PASSWORD, HERE))
        except PeopleError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(join, range(4))) == 1
    assert len(team.accounts.all()) == 2


def test_an_old_or_withdrawn_invitation_is_good_for_nothing(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    admin, _ = begun(team)
    withdrawn, old = team.joining.invite(admin, "builder", days=1), team.joining.invite(admin, "builder", days=7)
    (first,) = [each for each in team.joining.open() if each.expires < time.time() + 2 * sessions.DAY]
    team.joining.take_back(admin, first)
    with pytest.raises(PeopleError):
        team.joining.look_at(withdrawn, HERE)
    later = time.time() + 8 * sessions.DAY
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(PeopleError):
        team.joining.join(old, "ben", "", PASSWORD, HERE)


def test_a_link_is_good_for_what_it_was_made_for_and_nothing_else(team: Team) -> None:
    admin, _ = begun(team)
    ben = joined(team, admin)
    invite, reset = team.joining.invite(admin, "admin"), team.joining.reset_link(admin, ben)
    with pytest.raises(PeopleError):
        team.joining.reset(invite, PASSWORD, HERE)
    with pytest.raises(PeopleError):
        team.joining.join(reset, "eve", "", PASSWORD, HERE)
    code = team.joining.new_code().replace("-", "")
    with pytest.raises(PeopleError):
        team.joining.join(code, "eve", "", PASSWORD, HERE)


def test_a_reset_link_sets_a_password_once_and_ends_all_sign_ins(team: Team) -> None:
    admin, _ = begun(team)
    ben = joined(team, admin)
    before = team.sessions.sign_in("ben", PASSWORD, HERE)
    first, second = team.joining.reset_link(admin, ben), team.joining.reset_link(admin, ben)
    with pytest.raises(PeopleError):
        team.joining.reset(first, "another long sentence", HERE)
    team.joining.reset(second, "another long sentence", HERE)
    assert team.sessions.who(before) is None
    with pytest.raises(PeopleError):
        team.joining.reset(second, "a third long sentence", HERE)
    assert team.sessions.sign_in("ben", "another long sentence", THERE)


def test_changing_a_password_needs_the_old_one_and_ends_all_sign_ins(team: Team) -> None:
    _, token = begun(team)
    other, present = team.sessions.sign_in("ada@example.org", PASSWORD, THERE), team.sessions.who(token)
    assert present
    with pytest.raises(PeopleError):
        team.sessions.change_password(present, "wrong password", "another long sentence", HERE)
    new = team.sessions.change_password(present, PASSWORD, "another long sentence", HERE)
    assert [team.sessions.who(each) is not None for each in (token, other, new)] == [False, False, True]


# -- admins


def test_somebody_who_was_deactivated_is_out_at_once(team: Team) -> None:
    admin, _ = begun(team)
    ben = joined(team, admin)
    token, link = team.sessions.sign_in("ben", PASSWORD, HERE), team.joining.reset_link(admin, ben)
    team.close(admin, ben)
    assert team.sessions.who(token) is None
    with pytest.raises(PeopleError):
        team.sessions.sign_in("ben", PASSWORD, HERE)
    with pytest.raises(PeopleError):
        team.joining.reset(link, "another long sentence", HERE)
    team.open(admin, ben)
    assert team.sessions.sign_in("ben", PASSWORD, HERE)


def test_the_last_admin_stays_one(team: Team) -> None:
    admin, _ = begun(team)
    ben = joined(team, admin, role="admin")
    team.set_role(admin, ben, "member")
    for wrong in (lambda: team.close(admin, admin), lambda: team.set_role(admin, admin, "builder")):
        with pytest.raises(FlowloomError) as error:
            wrong()
        assert code_of(error) == "people.last_admin"


@pytest.mark.parametrize("role", ["builder", "member"])
def test_nobody_but_an_admin_does_what_admins_do(team: Team, role: str) -> None:
    admin, _ = begun(team)
    ben = joined(team, admin, role=role)
    link = team.joining.invite(admin, "builder")
    (waiting,) = team.joining.open()
    for wrong in (
        lambda: team.joining.invite(ben, "admin"),
        lambda: team.joining.take_back(ben, waiting),
        lambda: team.joining.reset_link(ben, admin),
        lambda: team.set_role(ben, ben, "admin"),
        lambda: team.set_groups(ben, ben, ["teachers"]),
        lambda: team.delete_group(ben, "teachers"),
        lambda: team.close(ben, admin),
        lambda: team.open(ben, ben),
        lambda: team.hand_over(ben, admin, ben),
        lambda: team.sign_out(ben, admin),
    ):
        with pytest.raises(PeopleError) as error:
            wrong()
        assert code_of(error) == "people.admin"
    assert team.joining.join(link, "cy", "", PASSWORD, HERE)


def test_groups_come_and_go(team: Team) -> None:
    admin, _ = begun(team)
    ben = joined(team, admin, groups=("teachers", "teachers", " "))
    team.set_groups(admin, ben, ["pupils", "staff"])
    found = team.accounts.get(ben.id)
    assert found
    assert found.groups == ("pupils", "staff")
    assert team.accounts.groups() == ["pupils", "staff", "teachers"]
    team.delete_group(admin, "staff")
    assert [each.groups for each in team.accounts.all()] == [(), ("pupils",)]


# -- what is whose


def test_a_gpt_is_its_owners_and_nobody_elses(team: Team) -> None:
    admin, _ = begun(team)
    ben, cy = joined(team, admin), joined(team, admin, "cy")
    team.act(lambda: ben)
    team.owners.begun("gpt", "g1")
    team.act(lambda: None)
    team.owners.begun("gpt", "g2")
    people = [admin, ben, cy]
    assert [team.may_build(each, "gpt", "g1") for each in people] == [False, True, False]
    assert [team.may_build(each, "gpt", "g2") for each in people] == [True, False, False]
    assert [team.those_of(each, "gpt")("g1") for each in people] == [False, True, False]
    team.hand_over(admin, ben, cy)
    assert [team.may_build(each, "gpt", "g1") for each in people] == [False, False, True]
    team.set_role(admin, cy, "member")
    again = team.accounts.get(cy.id)
    assert again
    assert not team.may_build(again, "gpt", "g1"), "who no longer builds opens nothing"


# -- the log


def test_what_was_done_is_logged_without_secrets(team: Team) -> None:
    admin, _ = begun(team)
    ben = joined(team, admin, groups=("teachers",))
    for name in ("ben", PASSWORD.replace(" ", "")):
        with pytest.raises(PeopleError):
            team.sessions.sign_in(name, "wrong password", THERE)
    link = team.joining.reset_link(admin, ben)
    team.joining.reset(link, "another long sentence", HERE)
    team.close(admin, ben)
    told = team.deeds.all(50)
    assert {each.what for each in told} >= {
        *("set_up", "sign_in", "sign_in_failed", "invited", "joined", "reset_link", "password_changed"),
        "deactivated",
    }
    said = repr(told)
    for secret in (PASSWORD, PASSWORD.replace(" ", ""), "wrong password", link, "another long sentence"):
        assert secret not in said
    assert [each.who for each in told if each.what == "sign_in_failed"] == [
        "",
        "ben",
    ]


def test_the_log_is_filtered_and_read_to_its_end(team: Team) -> None:
    for number in range(25):
        team.deeds.add("sign_in" if number % 2 else "sign_out", f"a{number % 3}", f"Name {number}", "50%")
    assert len(team.deeds.all(99, what=("sign_in",))) == 12
    assert len(team.deeds.all(99, account="a0")) == 9
    assert [each.who for each in team.deeds.all(99, search="name 7")] == ["Name 7"]
    assert len(team.deeds.all(99, search="0%")) == 25
    assert not team.deeds.all(99, search="_%")
    assert len(list(team.deeds.every(page=4))) == 25


def test_nothing_is_logged_without_a_team(team: Team) -> None:
    team.note("published", "trips")
    assert team.deeds.all(9) == []


# -- two processes on one folder, or on one PostgreSQL


@pytest.fixture
def two(tmp_path: Path, kept_in: str) -> Iterator[tuple[Team, Team]]:
    databases = [open_database(tmp_path / "flowloom.db") for _ in range(2)]
    yield Team(databases[0]), Team(databases[1])
    for db in databases:
        db.close()


def test_what_one_process_lets_in_or_out_counts_in_the_other_at_once(two: tuple[Team, Team]) -> None:
    one, other = two
    admin, token = begun(one)
    assert other.sessions.who(token)
    link = one.joining.invite(admin, "builder", ("teachers",))
    ben = other.sessions.who(other.joining.join(link, "ben", "", PASSWORD, HERE))
    assert ben
    with pytest.raises(PeopleError):
        one.joining.join(link, "eve", "", PASSWORD, HERE)
    signed_in = one.sessions.sign_in("ben", PASSWORD, HERE)
    one.set_role(admin, ben.account, "member")
    present = other.sessions.who(signed_in)
    assert present
    assert not present.account.builds
    other.close(admin, ben.account)
    assert one.sessions.who(signed_in) is None
    assert {each.what for each in one.deeds.all(20)} >= {"joined", "role_changed", "deactivated"}


def test_attempts_are_counted_over_all_processes(two: tuple[Team, Team]) -> None:
    begun(two[0])
    told = []
    for number in range(FROM_ONE + 1):
        with pytest.raises(PeopleError) as error:
            two[number % 2].sessions.sign_in("ada@example.org", "wrong password", THERE)
        told.append(code_of(error))
    assert told == ["people.wrong"] * FROM_ONE + ["people.pace"]


def test_two_who_join_under_one_name_at_once_get_one_account(two: tuple[Team, Team]) -> None:
    admin, _ = begun(two[0])
    links = [team.joining.invite(admin, "builder") for team in two]

    def join(number: int) -> str:
        try:
            two[number].joining.join(links[number], "ben", "", PASSWORD, HERE)
        except FlowloomError as error:
            return error.problem.code
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(join, range(2))) == ["", "people.taken"]
    assert len(two[1].joining.open()) == 1, "the invitation of whoever did not get in is still good"
