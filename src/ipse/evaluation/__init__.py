"""How good it is: error rates measured on pictures, the curves fitted on them, and the report that shows both."""
