#!/bin/sh
# words.sh - the fixed words of letters in other languages, kept true
#
#   src/tools/words.sh update      what the sources say goes into
#                                  templates/words: the .pot and each .po
#   src/tools/words.sh check       prints what is missing or wrong; status 1
#                                  if anything was
#   src/tools/words.sh embed a.mo ...     one C header of catalogues
set -eu

folder=templates/words
pot=$folder/tidings.pot
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

extract() {
	cat <<-'END'
		# The fixed words of letters and pages. Made by `make words`.
		msgid ""
		msgstr ""
		"Project-Id-Version: tidings\n"
		"Language: \n"
		"MIME-Version: 1.0\n"
		"Content-Type: text/plain; charset=UTF-8\n"
		"Content-Transfer-Encoding: 8bit\n"
		"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\n"

	END
	xgettext --language=C --from-code=UTF-8 --omit-header --no-location \
		--no-wrap --add-comments=translators -k --keyword=WORD:3c,4 \
		--keyword=IN:1c,2 --keyword=IN_PLURAL:1c,2,3 -o - \
		src/render/phrases_priv.h src/render/phrases*.c
}

update() {
	extract >"$work/pot"
	mv "$work/pot" $pot
	for po in "$folder"/*.po; do
		msgmerge --quiet --update --backup=none --no-fuzzy-matching \
			--no-wrap "$po" $pot
	done
}

# Every value of the English stands in its translation and no other; a form
# of a plural may do without, as "one minute" does.
placeholders() {
	msgcat --no-wrap "$1" | awk -v file="$1" '
		function names(text,    found, name) {
			found = " "
			while (match(text, /\{[a-z]+\}/)) {
				name = substr(text, RSTART, RLENGTH)
				text = substr(text, RSTART + RLENGTH)
				if (!index(found, " " name " "))
					found = found name " "
			}
			return found
		}
		function within(a, b,    n, i, part) {
			n = split(a, part, " ")
			for (i = 1; i <= n; i++)
				if (!index(b, " " part[i] " "))
					return part[i]
			return ""
		}
		/^msgid "/ { english = names($0); text = $0; plural = 0 }
		/^msgid_plural / { plural = 1 }
		/^msgstr/ && text != "msgid \"\"" {
			wrong = within(names($0), english)
			if (wrong == "" && !plural)
				wrong = within(english, names($0))
			if (wrong != "") {
				sub(/^msgid /, "", text)
				printf "%s: %s is not in both %s and its translation\n",
					file, wrong, text
				bad = 1
			}
		}
		END { exit bad }'
}

check() {
	bad=0
	extract >"$work/pot"
	cmp -s "$work/pot" $pot || {
		echo "$pot: other words than in src/render/phrases*: run 'make words'"
		return 1
	}
	for po in "$folder"/*.po; do
		msgfmt --check-domain -o "$work/mo" "$po" || bad=1
		msgcmp "$po" $pot 2>"$work/said" || {
			sed 's/^/msgcmp: /' "$work/said"
			bad=1
		}
		placeholders "$po" || bad=1
	done
	return $bad
}

embed() {
	echo '/* made from templates/words - do not edit */'
	for mo in "$@"; do
		echo "static const unsigned char words_$(basename "$mo" .mo)[] = {"
		od -An -v -tu1 "$mo" | sed 's/  */ /g; s/\([0-9]\) /\1,/g; s/$/,/'
		echo '};'
	done
	echo 'static const struct words_file word_files[] = {'
	for mo in "$@"; do
		name=$(basename "$mo" .mo)
		printf '\t{ "%s", { (const char *)words_%s, sizeof(words_%s) } },\n' \
			"$name" "$name" "$name"
	done
	printf '\t{ NULL, { NULL, 0 } }\n};\n'
}

what=$1
shift
"$what" "$@"
