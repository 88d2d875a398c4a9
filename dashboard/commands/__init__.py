"""Commands of `python -m dashboard`, a file each subject; every file has `register(app)`."""
