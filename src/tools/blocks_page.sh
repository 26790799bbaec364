#!/bin/sh
# blocks_page.sh - docs/blocks.md out of docs/blocks/NAME.md and their pictures
#
#   src/tools/blocks_page.sh >docs/blocks.md
#
# check-docs compares: the page is what this prints.
set -eu
cd "$(dirname "$0")/../.."

# name, heading, what it is for
table() {
	cat <<'END'
picture|A picture with its caption|Alone in its paragraph; the title is the caption.
gallery|A gallery|Two to eight pictures, two a row, one above the other on a phone.
button|A button|One line; in Outlook, too, it is as high as a finger is wide.
callout|Callouts|`info`, `tip` or `warning`, with a title and an icon of your own if you like.
pullquote|A pull quote|A sentence that stands out.
divider|A divider|With a word on it; `---` is one without.
contents|Contents|What is in the letter; on its page, links.
bookmark|A bookmark|What to read elsewhere, as a card.
video|A film|A linked picture: no letter plays films.
audio|A recording|The same for the ear.
poll|A poll|One tap an answer. An answer without an address leads to the reader's own link.
sponsor|A sponsor|Named as such.
author|An author|By the key in the settings; without, the article's own.
more|The cut|Where a digest stops and says "Read on". In the letter itself nothing is seen of it.
only|For the letter or the page alone|`:::mail` and `:::web`.
if|For some readers|Decided for each; `{{#if}}` within a line, too.
share|Share|Lines to pass the letter on.
subscribe|Subscribe|For those to whom it was passed on: on the page alone.
table|A table|As GitHub writes them; numbers stand to the right by `---:`.
tasks|Tasks|
code|Code|Never broken; its language above it.
footnote|Footnotes|Numbered in the letter, lettered in plain text.
END
}

cat <<'END'
# The blocks of a newsletter

Each as it is written and as it looks, by day and at night, in the theme `letter`. What each may say besides stands in
[formats](formats.md#markdown); how to write your own version of one, in [Templates](formats.md#templates). The text part has
every one of them as well. (`make pictures` takes these pictures.)

![A letter with every block](whole.png)
END
table | while IFS='|' read -r name heading words; do
	printf '\n## %s\n\n' "$heading"
	[ -z "$words" ] || printf '%s\n\n' "$words"
	sed 's/^\(.\)/    \1/' "docs/blocks/$name.md"
	[ ! -e "docs/blocks/$name.png" ] || printf '\n![%s](blocks/%s.png)\n' "$heading" "$name"
done
