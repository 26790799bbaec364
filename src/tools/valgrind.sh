#!/bin/sh
# valgrind.sh - the unit tests under valgrind
#
#   src/tools/valgrind.sh OUT TEST...
#
# What is lost for good is an error; a child that ends in the middle of its
# work on purpose says nothing. What fails is printed whole.
set -u

out=$1
shift
log=$out/valgrind.log
bad=0

for test; do
	if CMOCKA_MESSAGE_OUTPUT=STDOUT valgrind -q --error-exitcode=9 \
		--leak-check=full --errors-for-leak-kinds=definite \
		--show-leak-kinds=definite --child-silent-after-fork=yes \
		"$test" >"$log" 2>&1; then
		printf '%-40s clean\n' "$(basename "$test")"
	else
		printf '%-40s NOT CLEAN\n' "$(basename "$test")"
		sed 's/^/    /' "$log" | tail -60
		bad=1
	fi
done
exit $bad
