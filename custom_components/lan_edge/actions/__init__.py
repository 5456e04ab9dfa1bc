"""The integration's own actions: which devices they target, and what `explain` returns."""
