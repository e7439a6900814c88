"""The built site, made into what a reader takes along: PDF, EPUB, a folder, slides, flash cards.

It reads nothing but `mkdocs.yml` and the folder of the site, and the summary's Markdown for cards.
"""
