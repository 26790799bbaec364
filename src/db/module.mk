db_src := db.c error.c guard.c migrate.c statement.c
db_pkgs := sqlite3
