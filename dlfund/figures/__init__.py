"""Figures for the chapters: arrays in, one Matplotlib figure out."""
