render_src := draft.c field.c html.c html_box.c html_inline.c \
              html_picture.c html_table.c letter_data.c links.c pen.c \
              picture.c position.c program_build.c program_open.c \
              program_run.c render.c seen.c slot.c template.c template_parse.c \
              template_text.c text.c text_data.c text_inline.c text_line.c \
              text_table.c theme.c value.c words.c wrap.c
render_libs := -lm
