"""Template tags of approval."""
