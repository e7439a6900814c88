"""What is there for speed or for the last digits, so that the formulas need not be.

A primitive states its formula and hands it to a function of a few words in here. Each says
what it gains over the plain expression; what gained less than a third was left out.
"""
