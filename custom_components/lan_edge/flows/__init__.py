"""The dialogs: adding a device, changing it, its options."""
