#!/bin/sh
# deps.sh - see that the libraries are there; on Debian, install what is not
#
#   src/tools/deps.sh build         what `make` needs
#   src/tools/deps.sh test          that, and what the tests need
#   src/tools/deps.sh valgrind      that, and valgrind
#
# Quiet when nothing is missing. Elsewhere than on Debian and its kin it
# prints the names of the packages and stops with status 69.
set -eu

what=${1:-build}
cc=${CC:-cc}

# The proof that it is there, then the package's name on Debian, Fedora, Arch,
# Alpine and Homebrew. A proof is a header (x.h), a program (!x) or a module of
# Python (@x); a name that is - comes with another.
table() {
	cat <<'END'
!pkg-config        pkg-config           pkgconf-pkg-config    pkgconf       pkgconf           pkgconf
curl/curl.h        libcurl4-openssl-dev libcurl-devel         curl          curl-dev          curl
cmark.h            libcmark-dev         cmark-devel           cmark         cmark-dev         cmark
gumbo.h            libgumbo-dev         gumbo-parser-devel    gumbo-parser  gumbo-parser-dev  gumbo-parser
sqlite3.h          libsqlite3-dev       sqlite-devel          sqlite        sqlite-dev        sqlite
openssl/evp.h      libssl-dev           openssl-devel         openssl       openssl-dev       openssl@3
yaml.h             libyaml-dev          libyaml-devel         libyaml       yaml-dev          libyaml
jansson.h          libjansson-dev       jansson-devel         jansson       jansson-dev       jansson
unistr.h           libunistring-dev     libunistring-devel    libunistring  libunistring-dev  libunistring
idn2.h             libidn2-dev          libidn2-devel         libidn2       libidn2-dev       libidn2
!msgfmt            gettext              gettext               gettext       gettext           gettext
microhttpd.h       libmicrohttpd-dev    libmicrohttpd-devel   libmicrohttpd libmicrohttpd-dev libmicrohttpd
csv.h              libcsv-dev           libcsv-devel          libcsv        libcsv-dev        libcsv
gd.h               libgd-dev            gd-devel              gd            gd-dev            gd
END
	[ "$what" = build ] || cat <<'END'
cmocka.h           libcmocka-dev        libcmocka-devel       cmocka        cmocka-dev        cmocka
!pytest-3          python3-pytest       python3-pytest        python-pytest py3-pytest        pytest
!mandoc            mandoc               mandoc                mandoc        mandoc            mandoc
!openssl           openssl              openssl               openssl       openssl           openssl@3
!chromium          chromium             chromium              chromium      chromium          chromium
!chromedriver      chromium-driver      chromedriver          -             chromium-chromedriver chromedriver
@selenium          python3-selenium     python3-selenium      python-selenium py3-selenium    -
END
	[ "$what" != valgrind ] || echo "!valgrind valgrind valgrind valgrind valgrind valgrind"
}

is_there() {
	case $1 in
	!pytest-3) command -v pytest-3 >/dev/null || command -v pytest >/dev/null ;;
	@*) /usr/bin/python3 -c "import ${1#@}" 2>/dev/null || python3 -c "import ${1#@}" 2>/dev/null ;;
	!*) command -v "${1#!}" >/dev/null ;;
	*) printf '#include <stddef.h>\n#include <stdio.h>\n#include <stdarg.h>\n#include <stdint.h>\n#include <setjmp.h>\n#include <%s>\n' "$1" |
		"$cc" -E -x c - >/dev/null 2>&1 ;;
	esac
}

missing=$(table | while read -r proof names; do
	is_there "$proof" || printf '%s\n' "$names"
done)
[ -n "$missing" ] || exit 0

column() { printf '%s\n' "$missing" | awk -v c="$1" '$c != "-" { printf "%s ", $c } END { print "" }'; }

if command -v apt-get >/dev/null; then
	packages=$(column 1)
	if [ "$(id -u)" = 0 ]; then
		as_root=
	elif command -v sudo >/dev/null; then
		as_root=sudo
	else
		echo "deps: not root and no sudo; run as root: apt-get install $packages" >&2
		exit 69
	fi
	echo "installing: $packages"
	log=$(mktemp)
	# shellcheck disable=SC2086
	if ! { $as_root apt-get update -q &&
		$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
			--no-install-recommends $packages; } >"$log" 2>&1; then
		tail -5 "$log" >&2
		echo "deps: apt-get could not install: $packages" >&2
		rm -f "$log"
		exit 69
	fi
	rm -f "$log"
	exit 0
fi

cat >&2 <<END
deps: libraries are missing, and only Debian's package manager is driven from here.
  Fedora:    sudo dnf install $(column 2)
  Arch:      sudo pacman -S $(column 3)
  Alpine:    sudo apk add $(column 4)
  Homebrew:  brew install $(column 5)
then run the same command again.
END
exit 69
