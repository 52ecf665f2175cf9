"""Flows of any number of blocks: a row of model calls, then rows of prompts that run once the calls are done."""

from itertools import pairwise

from flowloom.flow.model import Edge, Flow, Node, Position

MODELS = 6
LAST_MODEL = f"model{MODELS - 1}"
COLUMNS = 10
STEP = (300.0, 200.0)


def sample(count: int, name: str) -> Flow:
    """A flow of `count` blocks that runs; 0 makes an empty one."""
    if count == 0:
        return Flow(id=name, name=name)
    row = ["message", *(f"model{number}" for number in range(MODELS)), "answer"]
    prompts = [f"p{number}" for number in range(count - len(row))]
    nodes = [Node(id=each, kind=kind_of(each), config=config_of(each)) for each in (*row, *prompts)]
    lines = [(output_of(before), input_of(after)) for before, after in pairwise(row)]
    for number, prompt in enumerate(prompts):
        before = LAST_MODEL if number % COLUMNS == 0 else prompts[number - 1]
        lines.append((output_of(before), input_of(prompt)))
    edges = tuple(Edge.model_validate({"from": start, "to": end}) for start, end in lines)
    places = {each: place(column, 0) for column, each in enumerate(row)}
    places |= {each: place(number % COLUMNS + 1, number // COLUMNS + 1) for number, each in enumerate(prompts)}
    return Flow(id=name, name=name, nodes=tuple(nodes), edges=edges, layout=places)


def place(column: int, row: int) -> Position:
    return Position(x=column * STEP[0], y=row * STEP[1])


def config_of(node: str) -> dict[str, str]:
    return {"template": "{{message}} and more"} if kind_of(node) == "prompt" else {}


def kind_of(node: str) -> str:
    return {"message": "chat.message", "answer": "chat.answer"}.get(node, "model" if "model" in node else "prompt")


def output_of(node: str) -> str:
    return f"{node}.{ {'chat.message': 'message', 'model': 'answer', 'prompt': 'prompt'}[kind_of(node)] }"


def input_of(node: str) -> str:
    return f"{node}.{ {'chat.answer': 'text', 'model': 'prompt', 'prompt': 'message'}[kind_of(node)] }"
