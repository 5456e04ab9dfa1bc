"""What a process may have."""

import resource


def allow_many_files() -> None:
    """Allow a socket for each of a thousand devices."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, hard), hard))
