"""Workflows of Coze: the canvas that its editor copies and saves as JSON."""
