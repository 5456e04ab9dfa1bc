"""What Meross's devices are: tables of what they tell, and of what sets it."""
