"""Actions: who may use them."""
