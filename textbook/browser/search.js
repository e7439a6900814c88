// The theme's search worker, told only what a person means: it reads its queries as a language of
// their own, in which "softmax:" and "relu()" are errors. The index is cut at the same signs
// (`separator` in mkdocs.yml).
addEventListener("message", ({ data }) => {
  if (typeof data?.data === "string") data.data = data.data.replace(/[^\p{L}\p{M}\p{N}"]+/gu, " ");
});
importScripts(new URL(`../workers/${location.hash.slice(1)}`, location.href).href);
