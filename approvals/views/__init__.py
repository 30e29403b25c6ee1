"""The pages of approval: find, try, answer."""
