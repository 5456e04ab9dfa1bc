"""What is heard and searched for on the network, and which device it belongs to."""
