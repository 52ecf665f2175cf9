"""What cannot be done in the store, or not by whoever asks."""

from flowloom.errors import FlowloomError, Problem


class GalleryError(FlowloomError):
    """What the store does not do."""

    code = "store"


NOT_IN_STORE = Problem.of(
    "store.none", "This GPT isn’t in the store.", "Its builder may have taken it out. Search for another one."
)
NOT_YOUR_OWN = Problem.of("store.own", "You can’t rate your own GPT.", "Ask people who use it to rate it.")
USE_IT_FIRST = Problem.of("store.unused", "You haven’t used this GPT yet.", "Chat with it first, then rate it.")
FOR_MEMBERS = Problem.of(
    "store.members", "This store is for people with an account here.", "Sign in, or ask its admin for an account."
)
FOR_ADMINS = Problem.of(
    "store.admins", "Only whoever looks after this store may do this.", "Ask an admin of this workspace."
)
