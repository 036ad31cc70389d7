"""Every passage that matches some words, phrases or their meaning."""
