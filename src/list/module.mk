list_src := apply.c columns.c csv.c export.c import.c list.c people.c
list_sql := list.sql
list_libs := -lcsv
