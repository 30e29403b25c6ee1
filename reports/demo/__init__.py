"""The demo company: people, customers, products and orders in every state, all made through the actions."""
