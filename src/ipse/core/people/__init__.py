"""What is true of people on paper: when two names are the same, and what a number may look like."""
