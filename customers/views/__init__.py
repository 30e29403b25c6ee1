"""The pages of customers: find, try, answer."""
