#!/bin/sh
# check-docs.sh - the documents say what the program does
#
#   src/tools/check-docs.sh PROGRAM
#
# Prints file:line for each breach; status 1 if there was one. What commands,
# options and settings there are is asked of the program itself. (An option
# that is in the table of its command needs no word in the prose: the manual
# page has it.)
set -u

program=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
pages=$(echo docs/commands/*.md)
# docs/blocks.md is made of samples, and compared as a whole below.
docs="README.md $(ls docs/*.md | grep -v '^docs/blocks\.md$' | tr '\n' ' ') $pages"

# --- the version has its heading; manual pages need it
version=$("$program" --version | cut -d' ' -f2)
grep -qE "^## $(echo "$version" | sed 's/\./\\./g') - [0-9]{4}-[0-9]{2}-[0-9]{2}$" docs/CHANGELOG.md ||
	{
		echo "docs/CHANGELOG.md:1: no heading '## $version - YYYY-MM-DD'"
		exit 1
	}

# "COMMAND --option" and "COMMAND -o", one a line; of all commands: "* --json".
"$program" help --index >"$work/commands"
while read -r command; do
	"$program" help "$command" | awk -v command="$command" '
		/^options:/ { who = command }
		/^of every command:/ { who = "*" }
		who && /^  +-/ {
			for (i = 1; i <= 2; i++) {
				sub(/,$/, "", $i)
				if ($i ~ /^-/)
					print who, $i
			}
		}'
done <"$work/commands" | sort -u >"$work/options"

# "relays.*.url", one a line.
"$program" help --mdoc tidings.yaml 2>/dev/null |
	sed -n 's/^\.It Sy "\([^"]*\)".*/\1/p' >"$work/settings"

say() { printf '%s: %s\n' "$1" "$2" >>"$work/breaches"; }
: >"$work/breaches"

# --- a page for each command, a command for each page, and what README lists
while read -r command; do
	[ -f "docs/commands/$command.md" ] ||
		say "docs/commands/$command.md:1" "the command '$command' has no page"
	grep -q "^| *\`tidings $command[ \`]" README.md ||
		say "README.md:$(grep -n '^| command' README.md | cut -d: -f1)" \
			"the table of commands lacks '$command'"
done <"$work/commands"
for page in $pages; do
	name=$(basename "$page" .md)
	[ "$name" = tidings ] || grep -qx "$name" "$work/commands" ||
		say "$page:1" "there is no command '$name'"
done

# --- manual pages
lint=$(command -v mandoc) ||
	echo "check-docs: mandoc is not installed: the pages are not linted"
for name in tidings tidings.yaml $(cat "$work/commands"); do
	source=docs/commands/$name.md page=$work/$name.1
	[ "$name" != tidings.yaml ] ||
		source=src/conf/table.c page=$work/$name.5
	[ -f "$source" ] || continue
	if ! "$program" help --mdoc "$name" --docs docs/commands >"$page" 2>"$work/error"; then
		sed -n '1s/^tidings: //p' "$work/error" >>"$work/breaches"
	elif [ -n "$lint" ]; then
		mandoc -Tlint -W warning "$page" >"$work/error" 2>&1 ||
			say "$source:1" "mandoc: $(sed -n '1s/^[^ ]* [^ ]* //p' "$work/error")"
	fi
done

# --- settings: a heading and a paragraph for each, and none that is not there
awk -v settings="$work/settings" '
	BEGIN { while ((getline name <settings) > 0) known[name] = 1 }
	function close_heading() {
		if (heading && !words)
			print heading_place ": nothing is said of \047" heading "\047"
		heading = ""
	}
	/^#/ { close_heading() }
	/^### `/ {
		heading = $0
		gsub(/^### `|`$/, "", heading)
		heading_place = FILENAME ":" FNR
		words = 0
		if (!(heading in known))
			print heading_place ": there is no setting \047" heading "\047"
		said[heading] = 1
		next
	}
	/^[A-Za-z`"]/ { words = 1 }
	END {
		close_heading()
		for (name in known)
			if (!(name in said))
				print FILENAME ":1: the setting \047" name "\047 has no paragraph"
	}' docs/settings.md >>"$work/breaches"

# --- command lines and options, wherever they stand
# shellcheck disable=SC2086
awk -v table="$work/options" -v commands="$work/commands" '
	BEGIN {
		while ((getline line <commands) > 0)
			command[line] = 1
		while ((getline line <table) > 0) {
			split(line, part, " ")
			has[part[1], part[2]] = 1
			any[part[2]] = 1
		}
	}
	FNR == 1 {
		page = FILENAME
		if (!sub(/^docs\/commands\//, "", page)) page = ""
		sub(/\.md$/, "", page)
		fence = 0
	}
	/^ *```/ { fence = !fence; next }
	{ look(fence || /^    /) }
	function breach(text) { print FILENAME ":" FNR ": " text }
	# Code is a line of its own or what stands between backticks; `quoted`
	# words of a shell are left out.
	function look(code,    i, n, piece) {
		if (code) {
			fragment($0)
			return
		}
		n = split($0, piece, "`")
		for (i = 1; i <= n; i++)
			i % 2 ? loose(piece[i]) : fragment(piece[i])
	}
	function fragment(text,    at, call) {
		gsub(/"[^"]*"|\047[^\047]*\047/, "Q", text)
		while (match(text, /(^|[ (|;&])tidings +[^|;&)>#]*/)) {
			call = substr(text, RSTART, RLENGTH)
			text = substr(text, 1, RSTART - 1) " " substr(text, RSTART + RLENGTH)
			called(call)
		}
		sub(/#.*/, "", text)
		loose(text)
	}
	function called(call,    word, n, i, who) {
		n = split(call, word, " ")
		for (i = 1; word[i] != "tidings"; i++)
			;
		for (i++; i <= n; i++) {
			if (word[i] ~ /^-/)
				option(word[i], who)
			else if (who == "" && word[i - 1] != "-C" && word[i] !~ /^[A-Z\[]/)
				who = name(word[i])
		}
	}
	function name(word) {
		if (!(word in command))
			breach("there is no command \047" word "\047")
		return word
	}
	function option(word, who) {
		sub(/=.*/, "", word)
		if (word ~ /^-[a-zA-Z]./)
			word = substr(word, 1, 2)
		if (word ~ /^--?[a-zA-Z]/ && !has["*", word] && !has[who, word])
			breach("\047" (who ? "tidings " who : "tidings") "\047 has no option \047" word "\047")
	}
	# Without a command before it: an option of this page, or of any command.
	function loose(text,    word) {
		while (match(text, /(^|[ (,])--[a-z][a-z0-9-]*/)) {
			word = substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
			sub(/^[^-]*/, "", word)
			if (page ? has["*", word] || has[page, word] : any[word])
				continue
			breach("there is no option \047" word "\047" (page ? " of \047" page "\047" : ""))
		}
	}' $docs >>"$work/breaches"

# --- links and paths lead to something
# shellcheck disable=SC2086
awk '
	/^ *```/ { fence = !fence }
	FNR == 1 { fence = 0 }
	!fence && !/^    / {
		line = $0
		while (match(line, /\]\([^)]*\)/)) {
			print "link", FILENAME, FNR, substr(line, RSTART + 2, RLENGTH - 3)
			line = substr(line, RSTART + RLENGTH)
		}
		n = split($0, piece, "`")
		for (i = 2; i <= n; i += 2)
			if (piece[i] ~ /^(docs|src|include|tests|subscribers)\/[a-z0-9_.\/-]*$/)
				print "path", FILENAME, FNR, piece[i]
	}' $docs >"$work/targets"
grep -rnoE 'docs/[a-z/-]+\.md' src include --include='*.[ch]' |
	sed 's/^\([^:]*\):\([0-9]*\):/path \1 \2 /' >>"$work/targets"
anchors() {
	sed -n 's/^##* //p' "$1" | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9_\n-'
}
while read -r kind file line target; do
	case $target in
	*://* | mailto:*) continue ;;
	esac
	path=${target%%#*}
	if [ "$kind" = link ]; then
		case $path in
		'') path=$file ;;
		*) path=$(dirname "$file")/$path ;;
		esac
	fi
	if [ ! -e "$path" ]; then
		say "$file:$line" "there is no '$target'"
	elif [ "$target" != "${target#*#}" ] && ! anchors "$path" | grep -qx "${target#*#}"; then
		say "$file:$line" "'$path' has no heading for '#${target#*#}'"
	fi
done <"$work/targets"

src/tools/blocks_page.sh | cmp -s - docs/blocks.md ||
	say docs/blocks.md:1 "is not what src/tools/blocks_page.sh makes of docs/blocks/"

sort -t: -k1,1 -k2,2n "$work/breaches"
[ ! -s "$work/breaches" ]
