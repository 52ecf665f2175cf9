"""The published page: a light chat for visitors, and the same inside other sites."""
