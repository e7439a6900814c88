"""Python code -> HTML with few elements: only what has a colour gets a span."""

import functools
from html import escape
from itertools import takewhile

from pygments import lex
from pygments.lexers import PythonConsoleLexer, PythonLexer
from pygments.token import Comment, Generic, Keyword, Name, String, _TokenType

from textbook.session import prompts

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
def highlight(source: str, language: str, *, covered: bool = False, **data: str | int) -> str:
    """Return a code block; `data` becomes data attributes.

    What a session shows can be `covered` by the page, and is then not found by its search.
    """
    code = _cover(source) if covered and language == "pycon" else _coloured(source, language)
    attributes = "".join(f' data-{name}="{escape(str(value))}"' for name, value in data.items())
    return (
        f'<div class="language-{language} highlight"{attributes}>'
        f"<pre><code>{code}</code></pre></div>"
    )


def _cover(session: str) -> str:
    """Return a session with what each prompt shows in an element of its own."""
    lines = session.splitlines(keepends=True)
    starts = [prompt.line for prompt in prompts(session)]
    out: list[str] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        part = lines[start:end]
        asks = 1 + sum(1 for _ in takewhile(lambda line: line.startswith("..."), part[1:]))
        out.append(_coloured("".join(part[:asks]), "pycon"))
        if shown := "".join(part[asks:]):
            # No tag stands in another of its name: the theme's search would take its end for both.
            text = f'<span class="go">{escape(shown, quote=False)}</span>'
            out.append(f"<samp data-search-exclude>{text}</samp>")
    return "".join(out)


def _coloured(source: str, language: str) -> str:
    lexer = PythonConsoleLexer() if language == "pycon" else PythonLexer()
    pieces: list[tuple[str, str]] = []
    for token, text in lex(source, lexer):
        css = _css(token)
        # Blank text and text of the same class join the piece before.
        if pieces and (pieces[-1][0] == css or (text.isspace() and css != "go")):
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + text)
        else:
            pieces.append((css, text))
    return "".join(
        f'<span class="{css}">{escape(text, quote=False)}</span>' if css else escape(text, False)
        for css, text in pieces
    )


def _css(token: _TokenType | None) -> str:
    while token is not None:
        if token in _CLASSES:
            return _CLASSES[token]
        token = token.parent
    return ""
