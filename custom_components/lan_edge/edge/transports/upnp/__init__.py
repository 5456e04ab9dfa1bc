"""UPnP: descriptions, actions and events."""
