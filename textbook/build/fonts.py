"""The book's own fonts: made while building from the fonts that packages carry.

Each is cut down to one weight and to the characters that the book needs, and gets a
name of its own: the licence (OFL 1.1) reserves the name of a font for its unmodified
form. What was made is kept under `.cache/`.
"""

import hashlib
import importlib.metadata
import importlib.util
import io
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CACHE = Path(__file__).parents[2] / ".cache/fonts"

# What axis labels and cards are written with, by writers and by readers.
_DRAWN = [
    *range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "ćČčěęğıŁłńőœřşŠšũūŽž"),  # Latin
    *range(0x391, 0x3CA),  # Greek
    0x2009, 0x200A, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D,
    0x2020, 0x2022, 0x2026, 0x202F, 0x2032, 0x2033, 0x2034, 0x20AC,  # spaces, dashes, quotes
    *range(0x2070, 0x208F),  # raised and lowered digits
    *range(0x2190, 0x2196), 0x21D2, 0x21D4,  # arrows
    0x2202, 0x2206, 0x2207, 0x2208, 0x220F, 0x2211, 0x2212, 0x221A, 0x221E, 0x222B,
    0x2248, 0x2260, 0x2264, 0x2265, 0x22C5, 0x2713, 0x2717,  # signs
]  # fmt: skip
# What pages are written with, and no more: a phone fetches these fonts before it shows a page.
# tests/site/test_site.py names what a new page needs; a reader's own fonts stand in for the rest.
_TEXT = [
    *range(0x20, 0x7F), *map(ord, "\xa0°±²³¶·×ÜßáäèéóöüćęŁőΦαβγδηλπσφ–‘’“”…′⁴←ᵀ→−√∞≈≠≤≥✓"),
]  # fmt: skip
_MATHS = [
    *range(0x20, 0x7F), *map(ord, "\xa0¯±·×ˆ˜ΔΦϵ‖’′″‴‾ℎℓℝ"),
    0x2009, 0x2061, 0x2062, 0x2063,  # spaces, seen and unseen
    *map(ord, "←→⟺∂∇∈∏∑−∗√∝∞∣∧∫≈≠≡≤≥⊙⊤⋅⋯⌈⌉⌊⌋⏟⟨⟩𝔼𝟏"),
    *range(0x1D434, 0x1D468), *map(ord, "𝒂𝒃𝒅𝒆𝒈𝒎𝒑𝒒𝒔𝒖𝒗𝒘𝒙𝒚𝒛"),  # italic, bold italic
    *map(ord, "𝛼𝛽𝛾𝛿𝜀𝜂𝜃𝜆𝜇𝜉𝜋𝜌𝜎𝜏𝜑𝜔𝜕𝜖𝝁"),
]  # fmt: skip


# Kerning and ligatures; raised letters; what MathML Core asks of a font.
_FEATURES = ["ccmp", "kern", "liga", "lnum", "tnum", "dtls", "flac", "ssty"]


@dataclass(frozen=True)
class Face:
    """One font file of the site, and the font of a package that it is cut from."""

    name: str
    family: str
    package: str
    file: str
    axes: tuple[tuple[str, float], ...] = ()
    characters: tuple[int, ...] = tuple(_TEXT)

    @property
    def source(self) -> Path:
        """Where the package keeps the font."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"the book's fonts need {self.package}", name=self.package)
        return Path(spec.origin).parent / self.file


def _face(name: str, family: str, package: str, file: str, weight: int, **axes: float) -> Face:
    axes["wght"] = weight
    return Face(name, family, package, f"files/{file}", tuple(axes.items()))


SANS = "Book Sans"
_SERIF = ("Book Serif", "fontpkg_source_serif_4")
_SANS = (SANS, "fontpkg_source_sans_3")
_CODE = ("Book Code", "fontpkg_source_code_pro")
FACES = [
    _face("serif-regular", *_SERIF, "SourceSerif4[opsz,wght].ttf", 400, opsz=16),
    _face("serif-italic", *_SERIF, "SourceSerif4-Italic[opsz,wght].ttf", 400, opsz=16),
    _face("serif-bold", *_SERIF, "SourceSerif4[opsz,wght].ttf", 650, opsz=16),
    _face("sans-regular", *_SANS, "SourceSans3[wght].ttf", 400),
    _face("sans-bold", *_SANS, "SourceSans3[wght].ttf", 640),
    _face("code-regular", *_CODE, "SourceCodePro[wght].ttf", 430),
    Face(
        "maths", "Book Maths", "ziamath", "fonts/STIXTwoMath-Regular.ttf",
        characters=tuple(_MATHS),
    ),
]  # fmt: skip
FOR_FIGURES = ("sans-regular", "sans-bold")  # Matplotlib draws with these


def build() -> Path:
    """Return the folder with all faces, for pages and some for figures, and their licence."""
    folder = CACHE / _fingerprint()
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=CACHE))
        for face in FACES:
            (fresh / f"{face.name}.woff2").write_bytes(_cut(face, face.characters, "woff2"))
            if face.name in FOR_FIGURES:
                (fresh / f"{face.name}.ttf").write_bytes(_cut(face, _DRAWN))
        (fresh / "LICENSE.txt").write_bytes(_licence().encode())
        try:
            fresh.rename(folder)
        except OSError:  # another build was faster
            shutil.rmtree(fresh)
    return folder


def _cut(face: Face, characters: Iterable[int], flavour: str | None = None) -> bytes:
    """Cut a face out of its source: the same bytes every time."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(face.source, recalcTimestamp=False)
    if "MATH" in font:
        _keep_small_forms(font, "′″‴")
        _narrow_roots(font)
    options = Options(
        layout_features=_FEATURES,
        name_IDs=[0, 1, 2, 4, 6, 13, 14],
        notdef_outline=True,
        drop_tables=[*Options._drop_tables_default, "DSIG", "STAT", "MVAR"],
        hinting=False,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    if face.axes:
        instantiateVariableFont(font, dict(face.axes), inplace=True)
    style = "Bold" if face.name.endswith("bold") else "Regular"
    font["OS/2"].usWeightClass = 700 if style == "Bold" else 400
    for record in font["name"].names:
        new = {
            1: face.family,
            2: style,
            4: f"{face.family} {style}",
            6: f"{face.family.replace(' ', '')}-{style}",
        }
        if record.nameID in new:
            record.string = new[record.nameID]
    font.flavor = flavour
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _keep_small_forms(font: Any, characters: str) -> None:
    """Drop the forms for sub- and superscripts (ssty), half the font, of all but a few."""
    names = {font.getBestCmap()[ord(character)] for character in characters}
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "ssty":
            for index in record.Feature.LookupListIndex:
                for subtable in table.LookupList.Lookup[index].SubTable:
                    forms = getattr(subtable, "ExtSubTable", subtable).alternates
                    for name in forms.keys() - names:
                        del forms[name]
    # Only the script "math" has them, but browsers set a formula's text in the default one.
    systems = {
        record.ScriptTag: record.Script.DefaultLangSys for record in table.ScriptList.ScriptRecord
    }
    for system in (systems["DFLT"], systems["latn"]):
        system.FeatureIndex = sorted({*system.FeatureIndex, *systems["math"].FeatureIndex})
        system.FeatureCount = len(system.FeatureIndex)


def _narrow_roots(font: Any) -> None:
    """Make tall root signs as narrow as the small one.

    Chromium gives every root the room that the widest sign would need, which leaves a gap
    behind a small one.
    """
    root = font.getBestCmap()[ord("√")]
    variants = font["MATH"].table.MathVariants
    forms = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(root)]
    names = {form.VariantGlyph for form in forms.MathGlyphVariantRecord}
    names |= {part.glyph for part in forms.GlyphAssembly.PartRecords}
    width, _ = font["hmtx"][root]
    for name in names:
        glyph, (own, _) = font["glyf"][name], font["hmtx"][name]
        glyph.coordinates.scale((width / own, 1))
        glyph.coordinates.toInt()
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = width, glyph.xMin


def _licence() -> str:
    """Say what was cut from what, in the words that the licence asks for."""
    from fontTools.ttLib import TTFont

    lines = [
        "The fonts in this folder are cut from these, and renamed:",
        "",
    ]
    for face in FACES:
        names = TTFont(face.source)["name"]
        lines += [f"{face.name}.woff2: from {names.getDebugName(1)}. {names.getDebugName(0)}"]
    text = (FACES[0].source.parent.parent / "LICENSE").read_text(encoding="utf-8")
    return "\n".join([*lines, "", text[text.index("This Font Software") :]])


def _fingerprint() -> str:
    """Return a name that changes when a font, a tool or this module does."""
    packages = {"fonttools", "brotli"} | {face.package.replace("_", "-") for face in FACES}
    versions = [f"{name} {importlib.metadata.version(name)}" for name in sorted(packages)]
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update("\n".join(versions).encode())
    return digest.hexdigest()[:16]
