#!/bin/sh
# demo.sh - the whole path once: settings, readers, an issue, real SMTP
#
#   src/tools/demo.sh PROGRAM FOLDER
#
# FOLDER is made anew each time; one in which somebody has written since is
# moved aside. Only this script's own catcher is ended.
set -eu

tidings=$(realpath "$1")
here=$2
readers=subscribers/example.csv

bold= plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
step() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }

# Younger than the end of the last demo is only what somebody wrote since.
if [ -f "$here/.made" ] &&
	[ -n "$(find "$here/articles" "$here/templates" "$here/tidings.yaml" \
		-newer "$here/.made" 2>/dev/null)" ]; then
	aside=$here-$(date +%Y%m%d-%H%M%S)
	mv "$here" "$aside"
	echo "your changes of the last demo are kept in $aside"
fi
rm -rf "$here"
mkdir -p "$here"

step "1. a publication in $here"
"$tidings" init "$here" --name "The Harbour Letter"

step "2. 200 invented readers from $readers"
"$tidings" -C "$here" import "$readers" --list weekly

step "3. a mail catcher on loopback, in place of the internet"
"$tidings" -C "$here" --json catch --smtp 127.0.0.1:0 --dir mail >"$here/catch.log" 2>&1 &
catcher=$!
trap 'kill $catcher 2>/dev/null || :; wait $catcher 2>/dev/null || :' EXIT
address=
for _ in $(seq 100); do
	address=$(sed -n 's/.*"listening": *"\([^"]*\)".*/\1/p' "$here/catch.log")
	[ -n "$address" ] && break
	kill -0 $catcher 2>/dev/null || { cat "$here/catch.log" >&2; exit 1; }
	sleep 0.05
done
sed "s|smtp://127.0.0.1:2525|smtp://$address|" "$here/tidings.yaml" >"$here/tidings.yaml.new"
mv "$here/tidings.yaml.new" "$here/tidings.yaml"
echo "listening on $address"

step "4. the issue 'welcome' goes to all of them, over SMTP"
"$tidings" -C "$here" send welcome
"$tidings" -C "$here" status welcome

"$tidings" -C "$here" render welcome -o "$here/letter.html"
"$tidings" -C "$here" render welcome --to text -o "$here/letter.txt"
letters=$(find "$here/mail" -name '*.eml' | wc -l)
[ "$letters" -eq 200 ] || { echo "demo: $letters letters arrived, not 200" >&2; exit 1; }

# Later commands find the catcher where the settings say by default.
sed "s|smtp://$address|smtp://127.0.0.1:2525|" "$here/tidings.yaml" >"$here/tidings.yaml.new"
mv "$here/tidings.yaml.new" "$here/tidings.yaml"

touch "$here/.made"
step "done: $letters letters were sent and arrived"
cat <<END
  one file a person    $here/mail/000001.eml ... (and the catcher's log.jsonl)
  open in a browser    $here/letter.html
  its plain text       $here/letter.txt

What next:
  $1 -C $here who welcome | head        who got it, and what the relay said
  $1 -C $here new "My first issue"      an article to write
  $1 -C $here render welcome --as \$($1 -C $here export | sed -n '2s/,.*//p') --to text
END
