"""The dialogs of config and options flows, and the forms that repairs share with them."""
