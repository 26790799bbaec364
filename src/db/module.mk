db_src := db.c error.c migrate.c statement.c
db_pkgs := sqlite3
