"""What we do: use cases, and the ports that they need."""
