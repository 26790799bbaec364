# embed.awk - text files become one table in a C header
#
#   awk -v table=template_files -f src/tools/embed.awk templates/*.html
#
# Each entry is { "base name", "content" }; the last one is empty.
BEGIN {
	printf "/* made from files - do not edit */\n"
	printf "static const struct { const char *name, *text; } %s[] = {\n", table
}
FNR == 1 {
	if (file != "")
		printf "\t},\n"
	file = FILENAME; sub(/.*\//, "", file)
	printf "\t{ \"%s\",\n", file
}
{
	line = $0
	gsub(/\\/, "\\\\", line); gsub(/"/, "\\\"", line); gsub(/\?\?/, "?\\?", line)
	printf "\t  \"%s\\n\"\n", line
}
END {
	if (file != "")
		printf "\t},\n"
	printf "\t{ 0, 0 }\n};\n"
}
