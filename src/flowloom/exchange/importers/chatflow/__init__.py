"""Step-by-step conversations of ChatFlow: YAML of questions to one model."""
