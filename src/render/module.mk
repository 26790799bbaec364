render_src := draft.c field.c position.c template.c template_parse.c \
              template_text.c value.c
