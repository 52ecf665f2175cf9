"""AI workflows of n8n, as it saves them."""
