"""Backups and bundles: a collection in one file, and back."""
