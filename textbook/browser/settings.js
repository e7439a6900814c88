// Where things are, and what the book's settings say (mkdocs.yml, through main.html).

// The address of the book, whatever the path that it is served under.
export const BASE = import.meta.url.slice(0, import.meta.url.lastIndexOf("assets/javascripts/"));

const { python, limit } = document.querySelector("script[data-python]").dataset;

export const PYTHON = new URL(python, BASE).href;
export const LIMIT = Number(limit); // seconds that a run may take
