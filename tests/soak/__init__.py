"""Long trials of what must not break: `python -m tests.soak [name …]`, each step prints its figures."""
