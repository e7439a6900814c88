"""What goes into the reader's browser: the page's JavaScript, and the Python side of its worker."""
