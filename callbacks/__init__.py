"""What happens on each page."""
