"""The limits of a process."""

import resource


def allow_many_files() -> None:
    """Raise the limit of open files: a thousand devices need a socket each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, hard), hard))
