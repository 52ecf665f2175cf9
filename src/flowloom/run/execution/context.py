"""What all flows of one run share, however deep within each other they stand."""

from dataclasses import dataclass

from flowloom.kinds.context import Turn
from flowloom.kinds.services import Services
from flowloom.run.execution.budget import Meter
from flowloom.run.execution.journal import Journal


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run: what it was asked, its log, what it has used, and its outside world."""

    turn: Turn
    services: Services
    journal: Journal
    meter: Meter
    language: str
