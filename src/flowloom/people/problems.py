"""What goes wrong when people come in, as sentences that tell a stranger nothing of who has an account."""

from flowloom.errors import FlowloomError, Problem


class PeopleError(FlowloomError):
    """Something that somebody may not do, or that was not right."""

    code = "people"


WRONG_PASSWORD = Problem.of(
    "people.wrong",
    "This name and password don’t go together.",
    "Check both. If you forgot your password, ask an admin for a link to choose a new one.",
)
NOT_THE_OLD_ONE = Problem.of("people.wrong", "Your current password isn’t right.", "Check it and try again.")
TOO_OFTEN = Problem.of("people.pace", "That was wrong too often.", "Wait a quarter of an hour, then try again.")
OLD_LINK = Problem.of(
    "people.link",
    "This link was used already, or it is too old.",
    "Ask whoever sent it for a new one.",
)
WRONG_CODE = Problem.of(
    "people.code",
    "This set-up code isn’t right.",
    "Copy it from the terminal in which Flowloom was started. A new one is shown at every start.",
)
SET_UP_ALREADY = Problem.of("people.set_up", "Flowloom is set up already.", "Sign in instead.")
NOT_SIGNED_IN = Problem.of("people.sign_in", "You aren’t signed in.", "Sign in, then try again.")
NOT_YOURS = Problem.of(
    "people.not_yours",
    "You can’t open this.",
    "It may belong to somebody else. Ask them to share it with you.",
)
A_TEAMS = Problem.of(
    "people.a_teams",
    "This data belongs to a team. Started like this, whoever opens Flowloom sees everything of everybody.",
    "Close Flowloom and start it again with: flowloom open --team",
)
