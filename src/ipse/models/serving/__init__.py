"""What inference servers elsewhere need to serve our networks; written out by `ipse models export-repository`."""
