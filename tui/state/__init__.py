"""Values the UI shows, without widgets."""
