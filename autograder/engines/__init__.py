"""How the cells of a submission are run, and its tests asked."""
