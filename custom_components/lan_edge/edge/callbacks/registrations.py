"""The registrations of a listener, by the secrets of their devices."""

from collections.abc import Iterator

from .registration import CallbackRegistration


class Registrations:
    """Registrations that requests go to, by secret.

    Two may have the same, such as a device and a trial of it: the last one has the requests.
    """

    def __init__(self) -> None:
        """Start without any."""
        self._first: dict[str, CallbackRegistration] = {}
        self._behind: dict[str, list[CallbackRegistration]] = {}

    def __iter__(self) -> Iterator[CallbackRegistration]:
        """Yield those that have requests."""
        return iter(self._first.values())

    def __len__(self) -> int:
        """Return how many have requests."""
        return len(self._first)

    def get(self, token: str) -> CallbackRegistration | None:
        """Return the one that has the requests with a secret."""
        return self._first.get(token)

    def put(self, registration: CallbackRegistration) -> None:
        """Have requests go to a registration, before others with the same secret."""
        self.take_away(registration)
        token = registration.token
        if (other := self._first.get(token)) is not None:
            self._behind.setdefault(token, []).append(other)
        self._first[token] = registration

    def take_away(self, registration: CallbackRegistration) -> None:
        """Let the one before have the requests again, if there is any."""
        token = registration.token
        behind = self._behind.get(token, [])
        if registration in behind:
            behind.remove(registration)
        elif self._first.get(token) is registration:
            del self._first[token]
            if behind:
                self._first[token] = behind.pop()
        if not behind:
            self._behind.pop(token, None)

    def clear(self) -> None:
        """Remove all."""
        self._first.clear()
        self._behind.clear()
