/* heading.c - what a heading is called in an address
 *
 * Its own {#name}, or one made of its words; -2, -3 where there are several.
 */
#include "base/utf8.h"
#include "markdown_priv.h"

#define ID_MAX 60 /* bytes, without a number */

/* --- {#name} --------------------------------------------------------------*/

/* Letters of any script and digits; of U+0080 to U+2FFF's marks, and those
 * for East Asian scripts, none. */
static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return is_alnum((char)c);
	if (c < 0xC0)
		return c == 0xAA || c == 0xB5 || c == 0xBA;
	if (c == 0xD7 || c == 0xF7 || c == 0xFFFD)
		return false;
	return !(c >= 0x2000 && c < 0x2C00) && !(c >= 0x3000 && c < 0x3005) &&
	       !(c >= 0x3008 && c < 0x3021) && c != 0x30FB &&
	       !(c >= 0xD800 && c < 0xF900) && !(c >= 0xFE00 && c < 0xFE70) &&
	       !(c >= 0xFF00 && c < 0xFF10) && !(c >= 0xFF1A && c < 0xFF21) &&
	       !(c >= 0xFFE0 && c <= 0xFFFF) && !(c >= 0x1F000);
}

static bool is_id(struct str id)
{
	if (id.len == 0 || id.len > ID_MAX)
		return false;
	while (id.len > 0) {
		size_t len;
		uint32_t c = utf8_next(id, &len);

		if (!is_letter(c) && c != '-' && c != '_')
			return false;
		id = str_skip(id, len);
	}
	return true;
}

int heading_read(struct markdown *m, struct node *heading, struct err *err)
{
	struct node *last = heading->last;
	ptrdiff_t from;
	struct str id;

	if (!last || last->kind != BLOCK_TEXT ||
	    !str_ends(last->text, STR("}")))
		return 0;
	from = str_find_str(last->text, STR("{#"));
	if (from < 0)
		return 0;
	id = str_at(last->text.at + from + 2,
		    last->text.len - (size_t)from - 3);
	if (!is_id(id)) {
		err_set(err, ERR_INPUT, "'" STR_FMT "' cannot name a heading",
			STR_ARG(str_head(source_restore(m, id), 80)));
		err_hint(err,
			 "write letters, digits and hyphens, %d bytes at "
			 "most, such as {#the-tide}",
			 ID_MAX);
		return markdown_place(m, err, heading->line, 0);
	}
	heading->url = id;
	last->text = str_head(last->text, (size_t)from);
	while (str_ends(last->text, STR(" ")))
		last->text.len--;
	return 0;
}

/* --- a name of its words --------------------------------------------------*/

static void add_words(const struct markdown *m, const struct node *node,
		      struct buf *out)
{
	if (node->kind == BLOCK_TEXT || node->kind == BLOCK_CODESPAN)
		buf_add(out, node->text);
	else if (node->kind != BLOCK_EMPH && node->kind != BLOCK_STRONG &&
		 node->kind != BLOCK_HTML_INLINE)
		buf_byte(out, ' ');
	for (const struct node *c = node->first; c; c = c->next)
		add_words(m, c, out);
}

/* An apostrophe parts no word. */
static bool is_apostrophe(uint32_t c)
{
	return c == '\'' || c == 0x2019;
}

static void add_letters(struct str words, struct buf *id)
{
	bool gap = false;

	while (words.len > 0 && id->len < ID_MAX) {
		size_t len;
		uint32_t c = utf8_next(words, &len);

		if (is_letter(c)) {
			if (id->len + gap + len > ID_MAX)
				return;
			if (gap && id->len > 0)
				buf_byte(id, '-');
			buf_add(id, str_head(words, len));
			gap = false;
		} else if (!is_apostrophe(c)) {
			gap = true;
		}
		words = str_skip(words, len);
	}
}

/* Without merge fields: an address is the same for all. */
static struct str without_marks(const struct markdown *m, struct str text)
{
	struct buf out;
	struct str plain;

	buf_init(&out, ANSWER_MAX);
	while (text.len > 0) {
		size_t len;

		if (source_field(m, text, &len)) {
			buf_byte(&out, ' ');
		} else if (str_starts(text, STR(MARK_CLOSE))) {
			len = MARK_LEN;
		} else {
			len = 1;
			buf_byte(&out, text.at[0]);
		}
		text = str_skip(text, len);
	}
	plain = arena_dup(m->arena, buf_str(&out));
	buf_done(&out);
	return plain;
}

static struct str id_of(const struct markdown *m, const struct node *heading)
{
	struct buf words, id;
	struct str made;

	buf_init(&words, ANSWER_MAX);
	buf_init(&id, 2 * ID_MAX);
	for (const struct node *c = heading->first; c; c = c->next)
		add_words(m, c, &words);
	made = str_head(without_marks(m, buf_str(&words)), 8 * ID_MAX);
	add_letters(utf8_lower(m->arena, made), &id);
	made = id.len > 0 ? arena_dup(m->arena, buf_str(&id)) : STR("section");
	buf_done(&words);
	buf_done(&id);
	return made;
}

/* --- no two of one name ---------------------------------------------------*/

struct taken {
	struct str id;
	uint32_t next; /* number to try */
	uint32_t line;
};

struct register_of_ids {
	struct taken *at;
	size_t room; /* a power of two, at least twice the headings */
};

static struct taken *find_place(const struct register_of_ids *ids,
				struct str id)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	size_t i;

	for (i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.at[i]) * 1099511628211u;
	i = (size_t)(hash ^ (hash >> 32)) & (ids->room - 1);
	while (ids->at[i].id.len > 0 && !str_eq(ids->at[i].id, id))
		i = (i + 1) & (ids->room - 1);
	return &ids->at[i];
}

static size_t count_headings(const struct node *node)
{
	size_t count = node->kind == BLOCK_HEADING;

	for (const struct node *c = node->first; c; c = c->next)
		count += count_headings(c);
	return count;
}

static void take(struct taken *place, struct str id, uint32_t line)
{
	*place = (struct taken){ .id = id, .next = 2, .line = line };
}

/* Those that the author chose come first. */
static int take_own(struct markdown *m, const struct register_of_ids *ids,
		    const struct node *node, struct err *err)
{
	if (node->kind == BLOCK_HEADING && node->url.len > 0) {
		struct taken *place = find_place(ids, node->url);

		if (place->id.len > 0) {
			err_set(err, ERR_INPUT,
				"two headings are called '" STR_FMT "'",
				STR_ARG(node->url));
			err_hint(err, "the other one is in line %d",
				 (int)place->line + m->first_line - 1);
			return markdown_place(m, err, node->line, 0);
		}
		take(place, node->url, node->line);
	}
	for (const struct node *c = node->first; c; c = c->next)
		if (take_own(m, ids, c, err) < 0)
			return -1;
	return 0;
}

static void take_made(struct markdown *m, const struct register_of_ids *ids,
		      struct node *node)
{
	if (node->kind == BLOCK_HEADING && node->url.len == 0) {
		struct str base = id_of(m, node);
		struct taken *first = find_place(ids, base);
		struct taken *place = first;

		for (node->url = base; place->id.len > 0;
		     place = find_place(ids, node->url))
			node->url = arena_fmt(m->arena, STR_FMT "-%u",
					      STR_ARG(base), first->next++);
		take(place, node->url, node->line);
	}
	for (struct node *c = node->first; c; c = c->next)
		take_made(m, ids, c);
}

int heading_name(struct markdown *m, struct node *document, struct err *err)
{
	struct register_of_ids ids = { .room = 2 };
	size_t count = count_headings(document);

	if (count == 0)
		return 0;
	while (ids.room < 2 * count)
		ids.room *= 2;
	ids.at = arena_many(m->arena, struct taken, ids.room);
	if (take_own(m, &ids, document, err) < 0)
		return -1;
	take_made(m, &ids, document);
	return 0;
}
