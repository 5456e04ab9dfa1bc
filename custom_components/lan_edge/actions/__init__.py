"""The actions of the integration: what they are for, what they explain, how they fail."""
