"""Quotations, and the people who said them."""
