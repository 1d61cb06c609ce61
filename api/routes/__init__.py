"""One module per resource; each has a `router`. The modules are the list: nothing is registered anywhere else."""
