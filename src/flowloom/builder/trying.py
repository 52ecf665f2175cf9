"""Messages to try after a change."""

from flowloom.configuration.reading import read_configuration
from flowloom.flow.model import Flow
from flowloom.locales import add_texts, translate

NARROW = "\u202f"


def to_try(flow: Flow, language: str, before: Flow | None = None) -> list[str]:
    """Two messages that show what a GPT does now: what is new since `before` first, then its starters."""
    usual = _asks(flow)
    known = _asks(before) if before else usual
    fresh = [translate(each, language) for each in usual if each not in known]
    starters = sorted(flow.starters, key=lambda each: before is not None and each in before.starters)
    others = [translate(each, language) for each in (*usual, HELLO, HELP)]
    return list(dict.fromkeys([*fresh, *starters, *others]))[:2]


def _asks(flow: Flow) -> list[str]:
    """What the abilities of a GPT suggest to ask."""
    shown = read_configuration(flow)
    return [ASKS[name] for name, ability in shown.abilities.items() if ability.is_on and name in ASKS]


HELLO, HELP = "Hello!", "What can you do?"
ASKS = {
    "web": "What is new in the world?",
    "pictures": "Draw a cat on a bicycle",
    "memory": "What do you know about me?",
    "sums": "What is 17.5% of 2480?",
}
add_texts(
    {
        "zh": {
            HELLO: "你好！",
            HELP: "你能做什么？",
            ASKS["web"]: "世界上有什么新闻？",
            ASKS["pictures"]: "画一只骑自行车的猫",
            ASKS["memory"]: "你知道我什么？",
            ASKS["sums"]: "2480 的 17.5% 是多少？",
        },
        "fr": {
            HELLO: f"Bonjour{NARROW}!",
            HELP: f"Que sais-tu faire{NARROW}?",
            ASKS["web"]: f"Quoi de neuf dans le monde{NARROW}?",
            ASKS["pictures"]: "Dessine un chat à vélo",
            ASKS["memory"]: f"Que sais-tu de moi{NARROW}?",
            ASKS["sums"]: f"Combien font 17,5{NARROW}% de 2480{NARROW}?",
        },
    }
)
