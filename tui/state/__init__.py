"""Values that the UI shows, without widgets."""
