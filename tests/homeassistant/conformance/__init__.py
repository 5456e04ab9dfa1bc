"""Every standard capability, from the device to Home Assistant and back, made from the schemas."""
