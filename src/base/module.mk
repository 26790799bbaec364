base_src := arena.c buf.c child.c clock.c die.c err.c file.c file_draft.c json.c log.c \
            loop.c nearest.c str.c time.c utf8.c words.c words_plural.c yaml.c
base_pkgs := yaml-0.1 jansson libidn2
base_libs := -lunistring
