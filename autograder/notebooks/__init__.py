"""What this project reads from and writes into the cells and metadata of a notebook."""
