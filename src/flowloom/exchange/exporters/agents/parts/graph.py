"""The blocks of a flow one after the other: each runs once all that leads to it is done."""

from typing import Any

from flowloom.exchange.exporters.python.parts.lines import Connected, Loop


class Blocks(Connected):
    """The blocks of a flow, run in plain Python."""

    def compile(self, checkpointer: Any = None) -> "Blocks":
        return self

    def invoke(self, start: dict[str, Any], config: Any = None) -> dict[str, Any]:
        """The state at the end: what each block gave, and the answers."""
        state = {"values": {}, "answers": {}, "rounds": {}} | start
        done, left = set[str](), dict.fromkeys(self.blocks)
        while left or self.loops:
            name = next((each for each in left if self.waits_of(self.blocks[each]) <= done), None)
            if name is not None:
                self.change(state, self.step(self.blocks[name], state))
                done.add(name)
                del left[name]
            loop = next((each for each in self.loops if each.end not in done and self.parts_of(each) <= done), None)
            if loop is not None:
                self.turn(loop, state, done, left)
            elif name is None:
                break
        return state

    def change(self, state: dict[str, Any], update: dict[str, Any]) -> None:
        state["values"] |= update["values"]
        for name, text in update.get("answers", {}).items():
            state["answers"].pop(name, None)
            state["answers"][name] = text

    def turn(self, loop: Loop, state: dict[str, Any], done: set[str], left: dict[str, None]) -> None:
        """Go round again, or on, once all in a loop have run."""
        number = self.next_round(loop, state)
        state["rounds"][loop.entry] = number or 1
        if not number:
            done.add(loop.end)
            return
        done -= self.parts_of(loop) | set(loop.members)
        left |= dict.fromkeys(name for name in loop.members if name != loop.entry)
        self.change(state, self.step(self.blocks[loop.entry], state))
        done.add(loop.entry)
