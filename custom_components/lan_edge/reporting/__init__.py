"""What users and bug reports get to see: errors of an action, repair issues, redacted data."""
