"""The use cases of people at the desk: who they are, what they may, and that it is written down."""
