list_src := apply.c columns.c csv.c export.c import.c list.c people.c recover.c
list_sql := list.sql import.sql recover.sql
list_libs := -lcsv
