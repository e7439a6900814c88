"""Python code -> HTML with few elements: only what has a colour gets a span."""

import functools
from html import escape

from pygments import lex
from pygments.lexers import PythonConsoleLexer, PythonLexer
from pygments.token import Comment, Generic, Keyword, Name, String, _TokenType

# Pygments' own class names, so that the theme's colours apply.
_CLASSES = {
    Comment: "c1",
    Keyword: "k",
    Name.Namespace: "k",  # joins `from` and `import`
    String: "s1",
    Name.Function: "nf",
    Name.Class: "nc",
    Name.Decorator: "nd",
    Generic.Prompt: "go",  # joins the output before it, in one element
    Generic.Output: "go",
}


@functools.cache
def highlight(source: str, language: str, **data: str | int) -> str:
    """Return a code block; `data` becomes data attributes."""
    lexer = PythonConsoleLexer() if language == "pycon" else PythonLexer()
    pieces: list[tuple[str, str]] = []
    for token, text in lex(source, lexer):
        css = _css(token)
        # Blank text and text of the same class join the piece before.
        if pieces and (pieces[-1][0] == css or (text.isspace() and css != "go")):
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + text)
        else:
            pieces.append((css, text))
    code = "".join(
        f'<span class="{css}">{escape(text, quote=False)}</span>' if css else escape(text, False)
        for css, text in pieces
    )
    attributes = "".join(f' data-{name}="{escape(str(value))}"' for name, value in data.items())
    return (
        f'<div class="language-{language} highlight"{attributes}>'
        f"<pre><code>{code}</code></pre></div>"
    )


def _css(token: _TokenType | None) -> str:
    while token is not None:
        if token in _CLASSES:
            return _CLASSES[token]
        token = token.parent
    return ""
