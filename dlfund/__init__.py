"""The building blocks of deep learning in NumPy, written to be read."""
