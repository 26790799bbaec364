# embed.awk - text files become one table in a C header
#
#   awk -v table=template_files [-v root=templates/] \
#       -f src/tools/embed.awk templates/mail/*.html
#
# Each entry is { "name", "content" }; the last one is empty. The name is the
# file's own, or with `root` its path below that folder.
BEGIN {
	printf "/* made from files - do not edit */\n"
	printf "static const struct { const char *name, *text; } %s[] = {\n", table
}
FNR == 1 {
	if (file != "")
		printf "\t},\n"
	file = FILENAME
	if (root != "" && index(file, root) == 1)
		file = substr(file, length(root) + 1)
	else
		sub(/.*\//, "", file)
	printf "\t{ \"%s\",\n", file
}
{
	line = $0
	gsub(/\\/, "&&", line); gsub(/"/, "\\\"", line); gsub(/\?\?/, "?\\?", line)
	printf "\t  \"%s\\n\"\n", line
}
END {
	if (file != "")
		printf "\t},\n"
	printf "\t{ 0, 0 }\n};\n"
}
