"""A problem as the tables keep it: JSON, or NULL where nothing is wrong."""

from flowloom.errors import Problem


def in_column(problem: Problem | None) -> str | None:
    return problem.model_dump_json() if problem else None


def of_column(kept: str | None) -> Problem | None:
    return Problem.model_validate_json(kept) if kept else None
