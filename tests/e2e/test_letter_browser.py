"""Letters and pages in a real browser: nothing scrolls sideways, dark is dark, buttons fit
fingers, and what clients take away does not break what is left."""

import re
import sys

import pytest

from conftest import PROGRAM, TOP

sys.path.insert(0, str(TOP / "tests" / "marks"))
import letter as letters        # noqa: E402
import rendering_rules          # noqa: E402
import samples                  # noqa: E402

SLUGS = [re.sub(r"[^a-z0-9]+", "-", p.stem.lower()) for p in samples.articles()] + \
    ["welcome", samples.BLOCKS]
PHONE, DESKTOP = 375, 1200


@pytest.fixture(scope="session")
def press(tmp_path_factory):
    return samples.Press(PROGRAM, tmp_path_factory.mktemp("browser") / "letters")


@pytest.fixture(scope="session")
def seen(press, browser):
    """Every sample once, with all that was measured of it."""
    known = {}

    def views(slug):
        if slug not in known:
            letter = letters.of_message(press.message(slug), slug)
            known[slug] = rendering_rules.Views(letter, browser)
        return known[slug]
    return views


def faults(rule, views):
    return list(rule(views))


@pytest.mark.parametrize("slug", SLUGS)
def test_no_letter_scrolls_sideways_on_a_phone(seen, slug):
    view = seen(slug)(width=PHONE)
    assert view["texts"] and view["scroll"] <= PHONE
    assert seen(slug)(width=320)["scroll"] <= 320


@pytest.mark.parametrize("slug", SLUGS)
def test_every_letter_is_dark_at_night_and_can_be_read(seen, slug):
    day, night = seen(slug)(), seen(slug)(dark=True)
    assert day["canvas"] > 0.5 and night["canvas"] < 0.05
    assert faults(rendering_rules.night, seen(slug)) == []
    assert faults(rendering_rules.night_contrast, seen(slug)) == []
    assert faults(rendering_rules.day, seen(slug)) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_button_is_44_dots_high(seen, slug):
    view = seen(slug)(width=PHONE)
    assert [b for b in view["buttons"] if b["height"] < 44] == []


def test_buttons_are_found_where_they_are(seen):
    assert "See the tides for this week" in [
        b["words"] for b in seen("the-low-water-ferry")(width=PHONE)["buttons"]]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_letter_without_its_style_sheets_says_the_same_as_legibly(seen, slug):
    bare = seen(slug)("bare", PHONE)
    assert bare["scroll"] <= PHONE
    assert min(t["size"] for t in bare["texts"]) >= 14
    assert [t["words"] for t in bare["texts"]] == [t["words"] for t in seen(slug)()["texts"]]


@pytest.mark.parametrize("slug", SLUGS)
def test_without_pictures_their_words_are_there(seen, slug):
    pictures = seen(slug)("no pictures", PHONE)["pictures"]
    # The publication's logo at least.
    assert pictures and not any(p["complete"] for p in pictures)
    assert all(p["alt"] is not None for p in pictures)
    for picture in pictures:
        if picture["alt"]:
            assert picture["size"] >= 14 and picture["contrast"] >= 4.5
            assert picture["width"] > 20 and picture["right"] <= PHONE


@pytest.mark.parametrize("slug", SLUGS)
def test_outlook_shows_the_letter_at_its_width(seen, slug):
    for rule in (rendering_rules.word_width, rendering_rules.word_scroll,
                 rendering_rules.word_fonts, rendering_rules.word_buttons):
        assert faults(rule, seen(slug)) == []


WHERE = """
const box = e => e ? e.getBoundingClientRect() : null;
const item = box(document.querySelector('li')), bar = [...document.querySelectorAll('td')]
	.map(e => getComputedStyle(e)).filter(s => parseFloat(s.borderLeftWidth) > 2 ||
						   parseFloat(s.borderRightWidth) > 2)
	.map(s => parseFloat(s.borderLeftWidth) > parseFloat(s.borderRightWidth) ? 'left' : 'right');
const paragraph = [...document.querySelectorAll('p')].find(e => e.textContent.length > 100);
const list = box(document.querySelector('ul,ol'));
return { bars: bar, align: getComputedStyle(paragraph).textAlign,
	 dir: getComputedStyle(paragraph).direction,
	 indent: { left: item.left - list.left, right: list.right - item.right } };
"""


@pytest.mark.parametrize("slug, side, other", [
    ("from-the-right", "right", "left"), ("the-low-water-ferry", "left", "right")])
def test_a_letter_from_the_right_is_the_mirror_of_one_from_the_left(seen, browser, slug, side,
                                                                    other):
    views = seen(slug)
    browser.show(views.source("plain"), 700)
    found = browser.run(WHERE)
    assert found["dir"] == {"right": "rtl", "left": "ltr"}[side]
    assert found["align"] in (side, "start")
    assert found["bars"] and set(found["bars"]) == {side}
    assert found["indent"][side] > 10 and found["indent"][other] < 1


@pytest.mark.parametrize("dark", [False, True], ids=["by day", "at night"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("slug", SLUGS)
def test_the_page_fits_its_window_and_can_be_read(press, browser, slug, width, dark):
    page = rendering_rules.with_pictures(press.page(slug), {})
    view = browser.show(page, width, dark).measure()
    assert view["texts"] and view["scroll"] <= width
    assert (view["canvas"] < 0.05) == dark
    assert list(rendering_rules.pale(view)) == []
    assert list(rendering_rules.too_small(view)) == []


BLOCKS = sorted((TOP / "docs" / "blocks").glob("*.md"))


@pytest.mark.parametrize("path", BLOCKS, ids=[p.stem for p in BLOCKS])
def test_every_block_of_the_docs_fits_a_phone_by_day_and_at_night(press, browser, path):
    text = path.read_text(encoding="utf-8")
    (press.folder / "articles" / "block.md").write_text(
        f"---\ntitle: A block\nauthor: tove-marsh\n---\nBefore it.\n\n{text}\n\nAfter it.\n",
        encoding="utf-8")
    letter = letters.of_message(press.message("block"), path.stem)
    assert "Before it." in letter.text and "After it." in letter.text
    views = rendering_rules.Views(letter, browser)
    for rule in (rendering_rules.phone_scroll, rendering_rules.touchable, rendering_rules.day,
                 rendering_rules.night, rendering_rules.night_contrast):
        assert faults(rule, views) == []
    assert path.with_suffix(".png").exists(), "make pictures"
