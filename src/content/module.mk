content_src := article.c article_blocks.c blocks.c directive.c flatten.c html.c \
               html_cells.c html_parse.c html_tree.c inline.c lines.c link.c locate.c markdown.c source.c table.c \
               tags.c tree.c
content_pkgs := libcmark gumbo
