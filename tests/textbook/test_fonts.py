"""The fonts: small, renamed, licensed, with all that the pages need."""

from fontTools.ttLib import TTFont

from textbook.build import fonts
from textbook.build.fonts import FACES

FOLDER = fonts.build()


def test_all_fonts_together_are_small() -> None:
    sizes = [path.stat().st_size for path in FOLDER.glob("*.woff2")]
    assert len(sizes) == len(FACES)
    assert sum(sizes) < 100_000


def test_a_second_build_finds_the_first() -> None:
    assert fonts.build() == FOLDER


def test_the_same_bytes_every_time() -> None:
    face = next(face for face in FACES if face.name == "code-regular")
    made = fonts._cut(face, face.characters, "woff2")
    assert made == (FOLDER / "code-regular.woff2").read_bytes()


def test_no_font_keeps_a_reserved_name() -> None:
    for face in FACES:
        names = TTFont(FOLDER / f"{face.name}.woff2")["name"]
        for number in (1, 4, 6):
            assert names.getDebugName(number).replace(" ", "").startswith("Book"), face.name


def test_the_licence_names_every_font_and_where_it_is_from() -> None:
    text = (FOLDER / "LICENSE.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    for face in FACES:
        assert f"{face.name}.woff2: from S" in text  # Source or STIX


def test_maths_keeps_its_table_and_its_letters() -> None:
    font = TTFont(FOLDER / "maths.woff2")
    assert "MATH" in font
    for letter in "ˆ˜𝑥𝒘𝜃ℝ𝔼∑∈⌊⌋′″ℓ𝟏":
        assert ord(letter) in font.getBestCmap(), letter


def test_text_and_code_have_what_prose_needs() -> None:
    for face in FACES:
        if face.name == "maths":
            continue
        letters = TTFont(FOLDER / f"{face.name}.woff2").getBestCmap()
        for letter in "Aé–’“…ő":
            assert ord(letter) in letters, (face.name, letter)


def test_a_tall_root_sign_is_no_wider_than_the_small_one() -> None:
    font = TTFont(FOLDER / "maths.woff2")
    root, variants = font.getBestCmap()[ord("√")], font["MATH"].table.MathVariants
    forms = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(root)]
    names = [form.VariantGlyph for form in forms.MathGlyphVariantRecord]
    names += [part.glyph for part in forms.GlyphAssembly.PartRecords]
    assert names[0] == root
    assert len(names) > 4
    assert {font["hmtx"][name][0] for name in names} == {font["hmtx"][root][0]}
