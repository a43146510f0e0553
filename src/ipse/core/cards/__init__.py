"""Cards: which there are, what their lines mean, and what is read off one."""
