"""The engine: turns a chapter, Markdown with Python examples, into a page.

Knows nothing of deep learning.
"""
