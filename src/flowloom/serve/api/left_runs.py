"""Runs of programs that were under way when Flowloom ended."""

from contextlib import suppress

from flowloom.errors import FlowloomError
from flowloom.workspace import Workspace


def take_up_left(home: Workspace) -> None:
    """Go on with the runs that last, and end those for which nobody waits any more."""
    for run in home.api_runs.left():
        if home.runner.is_running(run.run):
            continue
        with suppress(FlowloomError):  # Whoever asks for the run is told how it stands.
            if not run.lasting:
                home.runner.give_up(run.run)
            elif not home.runner.risky(run.run):
                home.runner.resume(run.run)
