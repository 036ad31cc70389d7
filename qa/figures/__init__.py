"""Figures: amounts of money, percentages, counts and target dates, with who and for what."""
