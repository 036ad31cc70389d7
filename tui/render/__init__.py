"""Layout, highlights and themes: drawing without state."""
