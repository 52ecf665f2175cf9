"""What each kind of block becomes in n8n."""
