"""Flows of Dify: its DSL files for workflows, chatflows and plain chat apps."""
