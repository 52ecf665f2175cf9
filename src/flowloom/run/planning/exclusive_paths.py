"""Which steps of a plan run together: of the ways out of a step that chooses, a run takes one each time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

from flowloom.kinds.kind import ERROR_PORT, TOOL_PORT
from flowloom.run.planning.plan import Link, Plan, Region, Step

Way = frozenset[str]
"""Ports that fire together."""
Taken = Mapping[Step, Way]
"""The way taken at some steps."""
Weight = Callable[[Step], float]

LARGEST = 50_000
"""Choices times steps up to which the ways of a flow are told apart; beyond, all of them count."""


class Ways:
    """The ways through one plan. Its bounds hold for every run that comes to its end."""

    def __init__(self, plan: Plan) -> None:
        self._order = _in_order(plan.steps)
        possible = self._possible({})
        choices = [step for step in self._order if step in possible and len(ways_of(step)) > 1]
        self._choices = choices if len(choices) * len(self._order) <= LARGEST else []
        ways = {choice: self._ways_to(choice) for choice in self._choices}
        self._only = {
            choice: {step: on[0] for step, on in to.items() if len(on) == 1} for choice, to in ways.items()
        }
        self._splits = 0
        # What needs two ways at once never runs.
        self.reachable = frozenset(step for step in possible if all(step in to for to in ways.values()))

    def most(self, weight: Weight) -> float:
        """The most that steps which can run together weigh."""
        return self._most(self.reachable, self._choices, weight)

    def least(self, weight: Weight) -> float:
        """The least that the steps weigh which run for certain."""
        self._splits = LARGEST // max(1, len(self._order))
        return self._least({}, frozenset(), frozenset(), weight)[0]

    def _most(self, steps: Set[Step], choices: Sequence[Step], weight: Weight) -> float:
        for at, choice in enumerate(choices):
            apart = self._apart(choice, steps)
            if apart:
                later = choices[at + 1 :]
                common = steps - {step for ways in apart for way in ways for step in way}
                exclusive = sum(max(self._most(way, later, weight) for way in ways) for ways in apart)
                return self._most(common, later, weight) + exclusive
        return sum(weight(step) for step in steps)

    def _apart(self, choice: Step, steps: Set[Step]) -> list[list[set[Step]]]:
        """The steps that run on one way only, by way.

        Those in a loop with the choice stand apart from those after it: other rounds may go another way.
        """
        found: dict[Region | None, dict[Way, set[Step]]] = {}
        for step, way in self._only[choice].items():
            if step in steps:
                found.setdefault(_common_loop(choice, step), {}).setdefault(way, set()).add(step)
        return [list(ways.values()) for ways in found.values()]

    def _ways_to(self, choice: Step) -> dict[Step, list[Way]]:
        """The ways out of a choice on which each step can run."""
        on: dict[Step, list[Way]] = {}
        for way in ways_of(choice):
            for step in self._possible({choice: way}):
                on.setdefault(step, []).append(way)
        return on

    def _least(
        self, taken: Taken, given: frozenset[Step], counted: frozenset[Step], weight: Weight
    ) -> tuple[float, frozenset[Step]]:
        """What the steps weigh that are certain on these ways beside the `given` and the `counted`, and which."""
        certain, total = self._certain(taken, given), 0.0
        touched: frozenset[Step] = frozenset()
        for choice in self._choices:
            if choice not in certain or choice in given or not self._may_split(choice):
                continue
            ways = [{**taken, choice: way} for way in ways_of(choice)]
            # What every way leads to is certain, and a later choice among it is none of this one.
            on_all = frozenset.intersection(*(self._certain(way, certain) for way in ways))
            certain = self._certain(taken, on_all)
            found = [self._least(way, certain, counted | touched | certain, weight) for way in ways]
            total += min(least for least, _ in found)
            # A step that two choices lead to counts once.
            touched = touched.union(*(steps for _, steps in found))
        fresh = certain - counted - touched
        return total + sum(weight(step) for step in fresh), touched | fresh

    def _may_split(self, choice: Step) -> bool:
        """Whether its ways are worth to be told apart: where a failure goes on, none of them is certain."""
        self._splits -= 1
        return self._splits > 0 and choice.node.settings.on_error == "stop"

    def _possible(self, taken: Taken) -> frozenset[Step]:
        return self._reached(lambda step: frozenset().union(*_ways(step, taken)))

    def _certain(self, taken: Taken, given: frozenset[Step]) -> frozenset[Step]:
        return self._reached(lambda step: _sure_ports(step, taken), given)

    def _reached(self, ports: Callable[[Step], Way], given: Set[Step] = frozenset()) -> frozenset[Step]:
        return _reached(self._order, ports, given)


def reached_on(steps: Iterable[Step], taken: Taken) -> frozenset[Step]:
    """The steps that can run where these ways are taken, in one round of every loop."""
    return _reached(_in_order(steps), lambda step: frozenset().union(*_ways(step, taken)))


def _reached(
    order: Sequence[Step], ports: Callable[[Step], Way], given: Set[Step] = frozenset()
) -> frozenset[Step]:
    """The steps that run where the `given` do and these ports of each fire, in one round of every loop."""
    found: set[Step] = set()
    open_: dict[Step, Way] = {}
    for step in order:
        live = {link.input for link in _forward(step) if link.port in open_.get(link.source, ())}
        if step in given or not step.incoming or (live and all(name in live for name in _needed(step))):
            found.add(step)
            open_[step] = ports(step)
    return frozenset(found)


def ways_of(step: Step) -> list[Way]:
    """The sets of ports of which one fires when the step has run."""
    settings = step.node.settings
    if settings.pinned is not None:
        return [frozenset(settings.pinned)]
    ports = [name for name in step.outputs if name not in (ERROR_PORT.id, TOOL_PORT.id)]
    ways = [frozenset([name]) for name in ports] if step.kind.chooses else [frozenset(ports)]
    if settings.on_error == "port":
        ways.append(frozenset([ERROR_PORT.id]))
    if settings.on_error == "value":
        ways.append(frozenset(settings.fallback))
    return list(dict.fromkeys(ways))


def _ways(step: Step, taken: Taken) -> list[Way]:
    return [taken[step]] if step in taken else ways_of(step)


def _sure_ports(step: Step, taken: Taken) -> Way:
    """The ports that fire whenever the step has run."""
    common = frozenset.intersection(*_ways(step, taken))
    if step.kind.chooses or step.node.settings.pinned is not None:
        return common
    fields = step.kind.outputs.model_fields
    return frozenset(name for name in common if name in fields and fields[name].is_required())


def _needed(step: Step) -> Iterator[str]:
    return (name for name in step.wired - step.late if step.inputs[name].required)


def _forward(step: Step) -> Iterator[Link]:
    return (link for link in step.incoming if link.back is None)


def _common_loop(one: Step, other: Step) -> Region | None:
    """The innermost loop that both are in."""
    around = set(loops_around(other))
    return next((loop for loop in loops_around(one) if loop in around), None)


def loops_around(step: Step) -> Iterator[Region]:
    """The loops a step is in, the innermost first."""
    loop = step.loop
    while loop is not None:
        yield loop
        loop = loop.parent


def _in_order(steps: Iterable[Step]) -> list[Step]:
    """The steps, each after those that lead to it; lines back do not count."""
    waiting = {step: sum(1 for _ in _forward(step)) for step in steps}
    ready = deque(step for step, count in waiting.items() if not count)
    found = []
    while ready:
        step = ready.popleft()
        found.append(step)
        for link in step.outgoing:
            if link.back is None and link.target in waiting:
                waiting[link.target] -= 1
                if not waiting[link.target]:
                    ready.append(link.target)
    return found
