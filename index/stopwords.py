"""Function words, which carry no topic: they are searched like any word but prove nothing."""
