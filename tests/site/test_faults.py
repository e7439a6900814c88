"""A page that is wrong cannot be published: each planted fault makes the build fail."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Build, finish_build, start_build

type BuildFunction = Callable[[str], Build]

PAGE = """\
---
description: The line numbers below count these lines too.
---

# A page

```pycon
>>> from dlfund import max_pool_2d
>>> max_pool_2d([[1, 2], [3, 4]]).tolist()
[[4.0]]
```

## Drawn

```python alt="A line from one to four" caption="It rises."
import matplotlib.pyplot as plt

fig, ax = plt.subplots()
ax.plot([1, 4])
```
"""


def test_the_page_without_fault_is_built(build: BuildFunction) -> None:
    result = build(PAGE)
    assert result.returncode == 0, result.output
    assert (result.site / "assets/figures/index/figure-1.svg").is_file()


def test_it_is_built_without_what_only_the_wheel_quotes(
    project: Path, build: BuildFunction
) -> None:
    for name in ("README.md", "LICENSE"):
        (project / name).unlink()
    result = build(PAGE)
    assert result.returncode == 0, result.output
    assert len([*result.site.glob("assets/python/*.whl")]) == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[4.0]]", "[[5.0]]", r"docs/index\.md:9: example failed.*Expected:.*5\.0.*Got:.*4\.0"),
        ("import max_pool_2d", "import max_pool", r"docs/index\.md:8: .*ImportError"),
        ("ax.plot([1, 4])", "ax.plot([1, 4)", r"docs/index\.md:19: SyntaxError"),
        ("ax.plot([1, 4])", "ax.plt([1, 4])", r"docs/index\.md:19: AttributeError"),
        ("ax.plot([1, 4])", "raise SystemExit(0)", r"docs/index\.md:19: SystemExit"),
        (' alt="A line from one to four"', "", r"docs/index\.md:15: .* must say alt"),
        (' caption="It rises."', "", r"docs/index\.md:15: .* must say caption"),
        ("caption=", "legend=", r"docs/index\.md:15: unknown option 'legend'"),
        ("```pycon", "```pycon3", r"docs/index\.md:7: unknown language 'pycon3'"),
        ("# A page", "# A page\n\n$\\nope$", r"docs/index\.md:7: cannot set \$\\nope\$"),
        ("# A page", "# A page\n\n[gone](gone.md)", r"gone\.md"),
        ("# A page", "# A page\n\n[gone](#gone)", r"#gone"),
    ],
    ids=lambda value: re.sub(r"\W+", "-", value)[:20],
)
def test_a_planted_fault_stops_the_build(
    build: BuildFunction, old: str, new: str, message: str
) -> None:
    assert old in PAGE
    result = build(PAGE.replace(old, new, 1))
    assert result.returncode != 0
    assert re.search(message, result.output, re.DOTALL), result.output
    assert "mkdocs/commands" not in result.output, "the reader gets the fault, not a traceback"


def test_a_changed_library_stops_the_build_of_an_unchanged_page(
    build: BuildFunction, project: Path
) -> None:
    module = project / "dlfund/pooling.py"
    module.write_text(
        f"{module.read_text('utf-8')}\n\ndef max_pool_2d(x):\n    return 0 * np.ones(1)\n", "utf-8"
    )
    result = build(PAGE)
    assert result.returncode != 0
    assert re.search(r"docs/index\.md:9: example failed", result.output), result.output


LAB = """\
# %% [markdown]
# # A lab

# %%
from dlfund import max_pool_2d

max_pool_2d([[1, 2], [3, 4]]).tolist()
"""


@pytest.fixture
def build_lab(project: Path) -> BuildFunction:
    """Return a function that builds the small project with the given lab as its one page."""
    settings = (project / "mkdocs.yml").read_text("utf-8")
    kept = settings.replace("plugins: [search]\n", "").replace("index.md", "labs/lab.py")
    (project / "mkdocs.yml").write_text(kept, "utf-8")
    (project / "docs/labs").mkdir()

    def build(lab: str) -> Build:
        (project / "docs/labs/lab.py").write_text(lab, "utf-8")
        site = project / "site"
        return finish_build(start_build(project, site), site)

    return build


def test_a_raising_lab_stops_the_build(build_lab: BuildFunction) -> None:
    result = build_lab(f"{LAB}1 / 0\n")
    assert result.returncode != 0
    assert re.search(r"docs/labs/lab\.py:\d+: ZeroDivisionError", result.output), result.output


@pytest.mark.every
def test_a_changed_library_changes_an_unchanged_lab(
    build_lab: BuildFunction, project: Path
) -> None:
    before = build_lab(LAB)
    assert before.returncode == 0, before.output
    assert "[[4.0]]" in (before.site / "labs/lab/index.html").read_text("utf-8")
    module = project / "dlfund/pooling.py"
    module.write_text(
        f"{module.read_text('utf-8')}\n\ndef max_pool_2d(x):\n    return np.ones((1, 1))\n", "utf-8"
    )
    after = build_lab(LAB)
    assert "[[1.0]]" in (after.site / "labs/lab/index.html").read_text("utf-8")


DRAWN = """
# %% alt="Empty axes" caption="Empty."
import matplotlib.pyplot as plt

grid = plt.subplot().xaxis.get_gridlines()[0].get_visible()
print("drawn with", grid, plt.rcParams["font.size"])
"""


@pytest.mark.every
def test_the_readers_settings_do_not_reach_a_lab(
    build_lab: BuildFunction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "matplotlibrc"
    own.write_text("axes.grid: True\nfont.size: 14\n", "utf-8")
    monkeypatch.setenv("MATPLOTLIBRC", str(own))
    monkeypatch.setenv("HOME", "/proc/nowhere")  # where Matplotlib cannot write
    result = build_lab(LAB + DRAWN)
    assert result.returncode == 0, result.output
    assert "drawn with False 11.0" in (result.site / "labs/lab/index.html").read_text("utf-8")
