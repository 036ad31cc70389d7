"""Screens and dialogs, one a module."""
