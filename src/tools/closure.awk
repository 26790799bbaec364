# closure.awk - a module and all that it may include, from layers.txt
#   awk -v want=send -f src/tools/closure.awk src/layers.txt
{ sub(/#.*/, "") }
/:/ {
	split($0, half, "|"); split(half[1], side, ":")
	gsub(/ /, "", side[1])
	may[side[1]] = side[2]
}
function visit(module,    n, list, i) {
	if (module in seen)
		return
	seen[module] = 1
	printf "%s ", module
	n = split(may[module], list, " ")
	for (i = 1; i <= n; i++)
		visit(list[i])
}
END { visit(want); print "" }
