"""dlfund beside its peers, in one run."""
