# layers.awk - does anything include what it should not?
#   awk -f src/tools/layers.awk src/layers.txt $(find src include -name '*.[ch]')
FNR == NR {
	sub(/#.*/, "")
	if (!/:/)
		next
	split($0, half, "|"); split(half[1], side, ":")
	module = side[1]; gsub(/ /, "", module)
	allowed[module, module] = 1
	n = split(side[2], may, " ")
	for (i = 1; i <= n; i++) {
		if (!(may[i] in known))
			refuse(may[i] " stands above " module)
		allowed[module, may[i]] = 1
	}
	known[module] = 1
	n = split(half[2], libs, " ")
	for (i = 1; i <= n; i++)
		owner[libs[i]] = module
	next
}
FNR == 1 {
	split(FILENAME, part, "/"); here = part[2]
	if (!(here in known))
		refuse("no such module in layers.txt: " here)
}
/^#[ \t]*include[ \t]*"[a-z]+\// {
	split($0, q, /["\/]/)
	if (!((here, q[2]) in allowed))
		refuse(here " may not include " q[2])
}
/^#[ \t]*include[ \t]*</ {
	split($0, q, /[<>]/)
	for (lib in owner)
		if (index(q[2], lib) == 1 && owner[lib] != here)
			refuse(here " must reach " lib " through " owner[lib])
}
function refuse(why) { printf "%s:%d: %s\n", FILENAME, FNR, why; bad++ }
END { exit bad > 0 }
