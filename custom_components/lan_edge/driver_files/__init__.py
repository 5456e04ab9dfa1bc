"""The user's driver files: following their changes, and what users see of them."""
