"""People's own pages: find, try, answer."""
