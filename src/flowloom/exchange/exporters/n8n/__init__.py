"""A flow as a workflow of n8n."""
