"""Once more from a block of an earlier run: the new answer takes the place of the earlier one, which is kept."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flowloom.errors import FlowFileError
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.execution.rerun import log_again, with_pinned
from flowloom.run.planning.plan import plan_of
from flowloom.runner import Runner
from flowloom.store.runs import RunStore


class Again:
    """Answers once more what was asked, by a run that begins with what an earlier one keeps."""

    def __init__(self, runs: RunStore, runner: Runner) -> None:
        self._runs, self._runner = runs, runner

    def start(
        self,
        run_id: str,
        flow: Flow,
        node: str,
        outputs: Mapping[str, Any] | None = None,
        *,
        conversation: str = "",
        language: str | None = None,
    ) -> tuple[str, str]:
        """Run a node and what descends from it with the flow as it is now; the new run and its conversation.

        With `outputs`, the node gives these and is not run. Raises FlowloomError where it cannot run.
        """
        flow = flow.model_copy(update={"language": language or flow.language})
        self._check(run_id, flow, node)
        flow = flow if outputs is None else with_pinned(flow, node, outputs)
        conversation, turn = self._runs.turn_of(run_id, conversation)
        new = uuid4().hex
        then = self._runs.flow_then(run_id)
        told = self._runner.services(flow.id, conversation).custom_instructions
        past = log_again(self._runs.events(run_id), flow, all_kinds(), node, new, turn.message, then, told)
        with self._runs.whole():
            conversation = self._runs.room_for_another(run_id, conversation)
            self._runner.kept.begin(new, conversation, flow, turn, past)
        self._runner.launch(plan_of(flow, all_kinds()), turn, conversation, new, past)
        return new, conversation

    def _check(self, run_id: str, flow: Flow, node: str) -> None:
        if flow.node(node) is None:
            raise FlowFileError(
                "The block to rerun from is no longer in this GPT.",
                "Choose another block of that run, or ask again.",
                code="again.gone",
            )
        if self._runs.flow_of(run_id):
            raise FlowFileError(
                "This run hasn’t ended yet.",
                "Wait until it ends, or stop it. Then you can rerun from one of its blocks.",
                code="again.open",
            )
