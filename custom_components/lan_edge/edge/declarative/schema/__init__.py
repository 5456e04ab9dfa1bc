"""The fields of a description, version 1: what each takes, in words and as a check."""
