"""What one person said, over all releases: statements, by date."""
