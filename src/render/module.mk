render_src := block.c block_list.c block_set.c condition.c \
              condition_parse.c draft.c field.c field_inline.c field_parse.c \
              filter.c html.c \
              html_block.c html_box.c html_inline.c html_picture.c \
              html_table.c html_text.c letter_data.c links.c notes.c \
              pen.c phrases.c picture.c position.c presence.c program_build.c program_open.c \
              program_run.c render.c seen.c slot.c template.c template_page.c \
              template_parse.c template_source.c \
              template_text.c text.c text_block.c text_data.c text_inline.c text_line.c \
              text_table.c theme.c theme_colour.c theme_font.c theme_read.c \
              theme_type.c value.c web.c web_block.c \
              web_inline.c web_kind.c words.c wrap.c wrap_break.c
render_libs := -lm
