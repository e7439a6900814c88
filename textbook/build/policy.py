"""What a page of the book may load and do: its Content-Security-Policy, said once.

Each page carries it, since GitHub Pages sends no headers of ours; hosts that read a file
`_headers` (Cloudflare Pages, Netlify) send it with everything. No script and no style stands in
a page, so that none can be smuggled into one.
"""

from urllib.parse import urlsplit


def policy(python: str, *, sent: bool) -> str:
    """Return the policy of a book whose Python lies at an address; it can be `sent` as a header.

    Only the worker that runs Python needs blobs as scripts: what it has fetched and verified
    (`browser/worker.js`). A header is its policy too; a page obeys both, and so runs none.
    """
    elsewhere = [python] if urlsplit(python).netloc else []
    allowed = {
        "default-src": ["'none'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'", *["blob:"] * sent],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # the theme's icons, and what a reader's code draws
        "font-src": ["'self'"],
        "connect-src": ["'self'", *elsewhere],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],  # 404.html asks the home page
    }
    return "; ".join(" ".join([kind, *sources]) for kind, sources in allowed.items())


def headers(python: str) -> str:
    """Return the file of headers."""
    return (
        "/*\n"
        f"  Content-Security-Policy: {policy(python, sent=True)}\n"
        "  X-Content-Type-Options: nosniff\n"
    )
