"""What is there for speed or for the last digits, behind a small door."""
