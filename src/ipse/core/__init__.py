"""What is true: pure functions on arrays and values, without input or output, clock or framework."""
