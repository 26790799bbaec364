content_src := article.c locate.c
content_pkgs := libcmark gumbo
