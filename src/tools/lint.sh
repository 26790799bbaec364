#!/bin/sh
# lint.sh - the house rules that a few lines can check
#
#   sh src/tools/lint.sh       prints what breaks a rule; status 1 if any did
set -u
bad=0
sources=$(find src include -name '*.[ch]' ! -path 'src/tools/*' | sort)
library=$(printf '%s\n' "$sources" | grep -vE '^(src|include)/cli/')

# What is found below is a breach; comments do not count.
refuse() {
	why=$1 pattern=$2
	shift 2
	hits=$(grep -nE "$pattern" "$@" /dev/null | grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/\*|\*( |/|$)|//)')
	[ -z "$hits" ] && return
	printf '%s\n' "$hits" | sed "s|\$|    <- $why|"
	bad=1
}

# shellcheck disable=SC2046,SC2086
{
	refuse 'a banned function' \
		'(^|[^a-zA-Z0-9_])(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|system|popen|rand|alloca)[[:space:]]*\(' $sources
	refuse 'only src/cli prints and exits' \
		'(^|[^a-zA-Z0-9_])(exit|printf|puts|perror)[[:space:]]*\(|[^a-zA-Z0-9_](stdout|stderr)[^a-zA-Z0-9_]' \
		$(printf '%s\n' $library | grep -vE '^src/base/(die|log)\.c$')
	refuse 'only src/base/clock.c reads the clock' \
		'(^|[^a-zA-Z0-9_])(time|gettimeofday|clock_gettime)[[:space:]]*\(' \
		$(printf '%s\n' $sources | grep -v '^src/base/clock.c$')
	refuse 'unfinished work' '(TODO|FIXME|HACK|(^|[^X])XXX([^X]|$))' $sources
	refuse 'SQL glued together: it belongs into a .sql file' \
		'fmt\(.*"(SELECT|INSERT|UPDATE|DELETE) ' $sources
}

# A function begins with { and ends with } in the first column.
# shellcheck disable=SC2086
awk '
	FNR == 1 { if (file && lines > 500) too_long(); file = FILENAME; start = 0 }
	{ lines = FNR }
	/^\{/ { start = FNR }
	/^\}/ {
		if (start && FNR - start - 1 > 80) {
			printf "%s:%d: a function of %d lines, 80 at most\n", FILENAME, start, FNR - start - 1
			bad = 1
		}
		start = 0
	}
	length($0) > 200 { printf "%s:%d: a line of %d bytes\n", FILENAME, FNR, length($0); bad = 1 }
	function too_long() { printf "%s: %d lines, 500 at most\n", file, lines; bad = 1 }
	END { if (lines > 500) too_long(); exit bad }
' $sources || bad=1

# Every public function is described: by a comment beside it, on the line above
# or above the group that it stands in. What frees or closes needs no words.
# shellcheck disable=SC2086
awk '
	FNR == 1 { said = 0 }
	/\*\// { said = 1; next }
	/^$/ { said = 0; next }
	/_(free|close|done)\(/ { next }
	/^[a-z_].*\(/ && !/^static|^typedef|^extern|__attribute__/ {
		if (!said) {
			printf "%s:%d: a public function without a comment\n", FILENAME, FNR
			bad = 1
		}
	}
	END { exit bad }
' $(find include -name '*.h' | sort) || bad=1

exit $bad
