"""The leak rehearsal: people who want a GPT's documents and instructions, played on purpose."""

from flowloom.rehearsal.attacks import Attack, attacks
from flowloom.rehearsal.rehearsals import Outcome, Rehearsal, Rehearsals

__all__ = ["Attack", "Outcome", "Rehearsal", "Rehearsals", "attacks"]
