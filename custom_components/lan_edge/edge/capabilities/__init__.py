"""What devices can do: capabilities with attributes and commands, profiles and intents."""
