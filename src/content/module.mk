content_src := article.c article_blocks.c blocks.c condition.c container.c convert.c directive.c flatten.c gfm.c heading.c html.c \
               html_cells.c html_parse.c html_tree.c inline.c lines.c link.c locate.c markdown.c picture.c shape.c smart.c smart_language.c source.c table.c \
               tags.c tree.c value.c
content_pkgs := libcmark gumbo
