"""A flow as an app of Dify."""
