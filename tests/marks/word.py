"""The letter as the Word engine shows it, made into HTML that a browser can show.

What Word is known for and what a browser can play: comments for Outlook are opened; no
media queries; padding and backgrounds count on cells only; no max-width, no radius, no
inline-block; a picture without a width attribute has its natural size; text in a cell that
says nothing of its own font is Times New Roman 16 px in black; VML buttons are drawn.
"""

import re

import markup

DROPPED = ("max-width", "min-width", "border-radius", "float", "position", "box-shadow",
           "opacity", "text-shadow", "overflow", "transform", "background-image")
TIMES = {"font-family": "'Times New Roman'", "font-size": "16px", "line-height": "normal",
         "color": "#000000"}


def as_word_shows(letter):
    tree = markup.Tree(markup.for_outlook(letter.html)).root
    for node in list(tree):
        if node.tag == "style":
            node.children = [without_queries("".join(map(str, node.children)))]
        elif node.tag == "v:roundrect" or node.tag == "v:rect":
            drawn(node)
        elif node.tag.startswith(("v:", "o:", "w:")) or node.tag == "xml":
            node.tag, node.children = "span", [] if node.tag == "xml" else node.children
        else:
            restyled(node)
    return "<!DOCTYPE html>" + markup.serialize(tree)


def without_queries(text):
    rules = [(names, style) for media, names, style in markup.rules_of(text, "")
             if not media and not any("[" in n or ":" in n for n in names)]
    return "\n".join(f"{','.join(n)}{{{';'.join(f'{k}:{v}' for k, v in s.items())}}}"
                     for n, s in rules)


def restyled(node):
    style = node.style
    if "all" == style.get("mso-hide"):
        node.style = {"display": "none"}
        return
    kept = {}
    for name, value in style.items():
        if name in DROPPED:
            continue
        if name.startswith("padding") and node.tag not in ("td", "th", "ul", "ol", "body"):
            continue
        if name.startswith("margin") and node.tag in ("table", "div", "a", "span"):
            continue
        if name == "display" and value.startswith(("inline-block", "flex", "grid", "table")):
            continue
        if name == "width" and node.tag in ("div", "a", "span"):
            continue
        if name == "height" and node.tag not in ("td", "th", "tr", "table", "img"):
            continue
        kept[name] = value
    if node.tag in ("td", "th") and "mso-padding-alt" in style:
        kept["padding"] = style["mso-padding-alt"]
    if node.tag == "img":
        as_picture(node, kept)
    if node.tag in ("td", "th"):
        kept = {**forgotten(kept), **kept}
    if node.tag == "table" and "border-collapse" not in kept:
        kept["border-spacing"] = node.attrs.get("cellspacing", "2") + "px"
    node.style = kept


def forgotten(style):
    """What a cell does not say itself, Word takes from nowhere."""
    if "font" in style:
        return {}
    return {k: v for k, v in TIMES.items() if k not in style}


def as_picture(node, style):
    """Word heeds the attribute; a width in the style counts as little as in a div."""
    width = node.attrs.get("width", "")
    for name in ("width", "height"):
        style.pop(name, None)
    if re.fullmatch(r"\d+", width):
        style["width"] = f"{width}px"
    elif width.endswith("%"):
        style["width"] = width


def drawn(node):
    """A button of VML as a box of its size and colour."""
    size = node.style
    node.tag = "span"
    fill = node.attrs.get("fillcolor", "#ffffff")
    node.attrs = {"data-button": "vml"}
    node.style = {"display": "inline-block", "height": size.get("height", "auto"),
                  "width": size.get("width", "auto"), "background-color": fill,
                  "vertical-align": "middle"}
