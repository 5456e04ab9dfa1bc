"""WebSocket: messages in both directions on one connection that stays open."""
