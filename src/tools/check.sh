#!/bin/sh
# check.sh - run every test and say how many passed
#
#   src/tools/check.sh OUT TEST...   (OUT: the build folder, TEST: programs)
#
# The programs speak TAP (cmocka) or end with a status; the end-to-end tests
# are pytest's. What fails is printed whole. The last line is
# `N passed, N failed, N skipped`.
set -u

out=$1
shift
passed=0 failed=0 skipped=0
log=$out/check.log
mkdir -p "$out"

count() { grep -c "$1" "$log" || :; }

say() { printf '%-40s %s\n' "$1" "$2"; }

for test; do
	name=$(basename "$test")
	CMOCKA_MESSAGE_OUTPUT=TAP "$test" >"$log" 2>&1
	status=$?
	if grep -q '^1\.\.' "$log"; then
		ok=$(grep -v '# SKIP' "$log" | grep -c '^ok ' || :)
		bad=$(grep -v '# SKIP' "$log" | grep -c '^not ok ' || :)
		# cmocka calls what it skips "not ok".
		skip=$(count '^\(not \)*ok .*# SKIP')
	else
		ok=$([ $status = 0 ] && echo 1 || echo 0) bad=0 skip=0
	fi
	# A program that died between its tests failed one more.
	[ $status != 0 ] && [ "$bad" = 0 ] && bad=1
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
	if [ "$bad" != 0 ]; then
		say "$name" "$bad FAILED (status $status)"
		sed 's/^/    /' "$log" | tail -60
	else
		say "$name" "$ok passed$([ "$skip" = 0 ] || echo ", $skip skipped")"
	fi
done

pytest=$(command -v pytest-3 || command -v pytest)
TIDINGS=$out/tidings "$pytest" -q -p no:cacheprovider -rs tests/e2e 2>&1 | tee "$log"
summary=$(grep -E '(passed|failed|error|skipped|no tests ran).* in [0-9.]+s' "$log" | tail -1)
number() { printf '%s\n' "$summary" | sed -n "s/.*[^0-9]*\b\([0-9][0-9]*\) $1.*/\1/p"; }
passed=$((passed + $(number passed | grep . || echo 0)))
failed=$((failed + $(number failed | grep . || echo 0) + $(number error | grep . || echo 0)))
skipped=$((skipped + $(number skipped | grep . || echo 0)))
# No summary at all: pytest itself broke.
[ -n "$summary" ] || failed=$((failed + 1))

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
