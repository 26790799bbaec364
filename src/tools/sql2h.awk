# sql2h.awk - a file of named statements becomes one C header
#
#   awk -v name=queue -f src/tools/sql2h.awk src/queue/queue.sql
#
# Whole-line comments are dropped; everything else reaches SQLite unchanged.
# C then says db_use(set, QUEUE_SQL_CLAIM).
function flush() {
	if (stmt != "") {
		ids = ids sprintf("\t%s_SQL_%s,\n", up, toupper(stmt))
		text = text sprintf("\t[%s_SQL_%s] = { \"%s\",\n%s\t},\n",
		    up, toupper(stmt), stmt, body)
	}
	body = ""
}
BEGIN { up = toupper(name) }
/^-- name: / { flush(); stmt = $3; next }
/^[ \t]*--/ || /^[ \t]*$/ { next }
{
	sub(/[ \t]*-- .*$/, "")
	gsub(/\\/, "\\\\"); gsub(/"/, "\\\"")
	body = body sprintf("\t  \"%s\\n\"\n", $0)
}
END {
	flush()
	printf "/* made from %s.sql - do not edit */\n", name
	printf "enum %s_sql {\n%s\t%s_SQL_COUNT\n};\n\n", name, ids, up
	printf "static const struct db_query %s_queries[] = {\n%s};\n", name, text
}
