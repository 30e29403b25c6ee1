"""The ground floor's pages: find, try, answer."""
