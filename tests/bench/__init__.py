"""What is promised about speed, measured as ratios against a baseline in the same run: `make bench`."""
