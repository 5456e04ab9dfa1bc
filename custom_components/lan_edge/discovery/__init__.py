"""How devices are discovered, and how the devices we have learn where they were seen."""
