"""From the bytes of one source to drafts of releases; one module a format."""
