"""Layout, highlights, themes: pure drawing."""
