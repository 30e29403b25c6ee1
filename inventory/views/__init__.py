"""The pages of products, stock, production and quality."""
