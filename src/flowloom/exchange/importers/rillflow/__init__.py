"""Workflows of Rill-Flow: YAML of tasks that pass a context on."""
