"""The headline, the dateline and the date of a release."""
