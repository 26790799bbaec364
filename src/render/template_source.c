/* template_source.c - texts of templates and where they come from */
#include "template_priv.h"

/* Of a text that is moved in. */
#define MOVED_MAX ((size_t)2 * 1024 * 1024)

struct source source_of(const char *name, struct str text)
{
	return (struct source){ .name = name,
				.text = text,
				.file = text,
				.open = STR("{{"),
				.close = STR("}}"),
				.line = 1,
				.column = 1 };
}

static size_t blanks(struct str text)
{
	size_t n = 0;

	while (n < text.len && (text.at[n] == ' ' || text.at[n] == '\t'))
		n++;
	return n;
}

struct str source_indent(struct str text)
{
	while (text.len > 0) {
		struct str rest;
		struct str line = str_cut(text, '\n', &rest);

		if (str_trim(line).len > 0)
			return str_head(line, blanks(line));
		text = rest;
	}
	return STR_NONE;
}

static void move_line(struct str line, size_t out, struct str indent,
		      struct buf *to)
{
	size_t cut = blanks(line);

	buf_add(to, indent);
	buf_add(to, str_skip(line, cut < out ? cut : out));
}

int source_moved(struct source *source, size_t out, struct str indent,
		 bool first, struct arena *arena, struct err *err)
{
	struct str rest = source->text;
	bool whole = !source->within;
	struct buf to;
	bool over;

	source->first_moved += (first ? (int)indent.len : 0) -
			       (whole ? (int)out : 0);
	source->moved += (int)indent.len - (int)out;
	if (out == 0 && indent.len == 0)
		return 0;
	buf_init(&to, MOVED_MAX);
	while (rest.len > 0) {
		ptrdiff_t end = str_find(rest, '\n');
		size_t len = end < 0 ? rest.len : (size_t)end + 1;

		move_line(str_head(rest, len), whole ? out : 0,
			  first ? indent : STR_NONE, &to);
		whole = first = true;
		rest = str_skip(rest, len);
	}
	over = buf_over(&to);
	source->text = arena_dup(arena, buf_str(&to));
	buf_done(&to);
	if (over)
		return err_set(err, ERR_INPUT,
			       "the template makes more than 2 MiB");
	return 0;
}

struct str source_line(struct str file, int number)
{
	struct str line = str_cut(file, '\n', &file);

	for (int i = 1; i < number; i++)
		line = str_cut(file, '\n', &file);
	return line;
}

int source_place(const struct source *source, int line, int column,
		 struct err *err)
{
	struct str text;

	column -= line == 1 ? source->first_moved : source->moved;
	if (line == 1 && source->within)
		column += source->column - 1;
	line += source->line - 1;
	column = column > 1 ? column : 1;
	text = source_line(source->file, line);
	err_excerpt(err, text, (size_t)column - 1);
	return err_place(err, "%s:%d:%d", source->name, line, column);
}
