"""Which sentences of an article repeat or rephrase a release, and which one."""
