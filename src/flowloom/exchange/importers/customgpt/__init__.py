"""Custom GPTs of ChatGPT: their form as JSON, or the "gizmo" that ChatGPT keeps of them."""
