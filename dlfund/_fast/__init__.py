"""What is there for speed or for the last digits, so that the formulas need not be.

A primitive states its formula and hands it to a function of a few words in here. Each says
what it gains over the plain expression; what gained less than a third was left out.
"""

import sys

import numpy as np

# Linux's malloc hands a freed block of over 128 kB back to the system, which clears fresh memory
# for the next one: a formula of 40,000 numbers took up to eight times as long, `conv2d` of a
# batch three times. Once it has freed a larger block, malloc keeps what is smaller than that, and
# up to twice as much in all. Nobody touches this one, which is nearly the largest that counts.
if sys.platform == "linux":
    np.empty(24 << 20, np.uint8)
