"""Pages of joining: each loads what its actor may see, does one thing, and answers."""
