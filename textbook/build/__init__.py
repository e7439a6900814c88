"""The build: from lessons to pages."""
