/* pen.c - writing texts of an article into a draft, escaped for their place */
#include "letter_priv.h"
#include "position_priv.h"

/* The article is at most 1 MiB; one run between two slots stays below this
 * whatever the styles around it. */
#define PEN_MAX ((size_t)64 * 1024 * 1024)

/* A phone shows about 36 characters in a line: an unbroken word of more would
 * make the letter scroll sideways where overflow-wrap is not known. */
#define WORD_PART 24

void letter_fail(struct letter *letter)
{
	letter->failed = true;
}

const char *letter_place(const struct letter *letter, uint32_t line)
{
	const struct article *article = letter->input->article;

	if (line == LINE_SETTINGS)
		return "tidings.yaml";
	if (line == 0)
		return arena_z(letter->arena, article->path);
	return arena_fmt(letter->arena, STR_FMT ":%d", STR_ARG(article->path),
			 article->body_line + (int)line - 1)
		.at;
}

void pen_open(struct pen *pen, struct letter *letter, struct draft *draft)
{
	pen->letter = letter;
	pen->draft = draft;
	buf_init(&pen->text, PEN_MAX);
}

void pen_flush(struct pen *pen)
{
	draft_text(pen->draft, buf_str(&pen->text));
	buf_reset(&pen->text);
}

void pen_close(struct pen *pen)
{
	struct letter *letter = pen->letter;

	if (buf_over(&pen->text) && !letter->failed) {
		err_set(letter->err, ERR_INPUT, "the letter is over %zu MiB",
			PEN_MAX >> 20);
		letter_fail(letter);
	}
	pen_flush(pen);
	buf_done(&pen->text);
}

void pen_add(struct pen *pen, struct str text)
{
	buf_add(&pen->text, text);
}

void pen_put(struct pen *pen, const char *text)
{
	buf_addz(&pen->text, text);
}

void pen_fmt(struct pen *pen, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	buf_vfmt(&pen->text, fmt, args);
	va_end(args);
}

/* A mark may have come with a text that is none of the article's body. */
static bool field_exists(struct letter *letter, int field)
{
	if ((size_t)field < letter->blocks->field_count)
		return true;
	err_set(letter->err, ERR_INPUT,
		"U+E000 stands in a text, which is kept for merge fields");
	err_hint(letter->err, "delete the invisible character");
	err_place(letter->err, "%s", letter_place(letter, 0));
	letter_fail(letter);
	return false;
}

static const char *field_place(const struct letter *letter, int field)
{
	const struct block_field *f = &letter->blocks->fields[field];

	return arena_fmt(letter->arena, "%s:%d", letter_place(letter, f->line),
			 (int)f->column)
		.at;
}

void pen_field(struct pen *pen, int field, enum slot_context context)
{
	struct letter *letter = pen->letter;
	const struct block_field *f;

	if (letter->failed || !field_exists(letter, field))
		return;
	f = &letter->blocks->fields[field];
	pen_flush(pen);
	if (template_field(blocks_str(letter->blocks, f->source),
			   field_place(letter, field), letter->known,
			   letter->fields, context, letter->arena, pen->draft,
			   letter->err) < 0)
		letter_fail(letter);
}

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	}
	return NULL;
}

static void escape_char(struct pen *pen, char c)
{
	const char *e = entity(c);

	if (e)
		pen_put(pen, e);
	else
		buf_byte(&pen->text, c);
}

/* Length of a control character at `i`, or 0. Gmail clips a letter at a C1
 * control, of whatever size it is; none of them shows anything. */
static size_t control_at(struct str text, size_t i)
{
	unsigned char c = (unsigned char)text.at[i];

	if (c == 0xc2 && i + 1 < text.len &&
	    (unsigned char)text.at[i + 1] < 0xa0)
		return 2;
	return (c < ' ' && c != '\n') || c == 0x7f ? 1 : 0;
}

static void escape(struct pen *pen, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		size_t skip = control_at(text, i);

		if (skip > 0)
			i += skip - 1;
		else
			escape_char(pen, text.at[i]);
	}
}

/* Letters of other scripts end a run: many of them break anywhere, and no
 * break may fall inside a character. */
static void escape_breaking(struct pen *pen, struct str text)
{
	int run = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		size_t skip = control_at(text, i);

		run = c > ' ' && c < 127 ? run + 1 : 0;
		if (run > WORD_PART) {
			pen_put(pen, "<wbr>");
			run = 1;
		}
		if (skip > 0)
			i += skip - 1;
		else
			escape_char(pen, c);
	}
}

/* What of a reader is never written from right to left. */
static bool is_latin(struct str source)
{
	static const struct str names[] = {
		STR("subscriber.email"),
		STR("subscriber.joined"),
		STR("subscriber.language"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_starts(source, names[i]))
			return true;
	return false;
}

/* Has the field's value, as far as it is known, another direction than the
 * letter? A reader's is not known yet: in a letter that runs to the left it
 * may, and in others slot_write() sees to it. */
static bool may_turn(struct pen *pen, int field)
{
	struct letter *letter = pen->letter;
	struct draft *draft = draft_new(letter->arena);
	struct pen probe;
	int direction;

	pen_open(&probe, letter, draft);
	pen_field(&probe, field, SLOT_TEXT);
	pen_close(&probe);
	if (letter->failed)
		return false;
	if (draft_has_slots(draft) && !letter->web && !letter->theme->rtl)
		return false;
	if (!draft_has_slots(draft) || letter->web)
		direction = text_direction(draft_plain(draft, letter->arena));
	else if (is_latin(blocks_str(letter->blocks,
				     letter->blocks->fields[field].source)))
		direction = 0;
	else
		return true;
	return direction >= 0 && direction != (letter->theme->rtl ? 1 : 0);
}

/* In mixed text a name of the other direction must not carry the signs
 * around it along, so it stands isolated (U+2068, U+2069). */
static void field_isolated(struct pen *pen, int field)
{
	bool isolated = may_turn(pen, field);

	pen_put(pen, isolated ? "&#8296;" : "");
	pen_field(pen, field, SLOT_HTML);
	pen_put(pen, isolated ? "&#8297;" : "");
}

void pen_html(struct pen *pen, struct str text)
{
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field)) {
		if (field < 0)
			escape_breaking(pen, plain);
		else
			field_isolated(pen, field);
	}
}

void pen_raw(struct pen *pen, struct str html)
{
	struct letter *letter = pen->letter;
	struct position position = { 0 };
	enum slot_context context;
	struct str plain;
	int field;

	while (!letter->failed && blocks_piece(&html, &plain, &field)) {
		if (field < 0) {
			pen_add(pen, plain);
			position_feed(&position, plain);
		} else if (!field_exists(letter, field)) {
			break;
		} else if (position_context(&position, &context, letter->err) <
			   0) {
			err_place(letter->err, "%s",
				  field_place(letter, field));
			letter_fail(letter);
		} else {
			pen_field(pen, field, context);
		}
	}
}

void pen_attribute(struct pen *pen, struct str text)
{
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field)) {
		if (field < 0)
			escape(pen, plain);
		else
			pen_field(pen, field, SLOT_HTML);
	}
}

void pen_href(struct pen *pen, struct str url)
{
	enum slot_context context = SLOT_HREF;
	struct str plain;
	int field;

	/* Only at its start may a field be a whole address, one of ours. */
	while (blocks_piece(&url, &plain, &field)) {
		if (field < 0)
			escape(pen, plain);
		else
			pen_field(pen, field, context);
		context = SLOT_URL;
	}
}

void pen_address(struct pen *pen, struct str url)
{
	enum slot_context context = SLOT_TEXT;
	struct str plain;
	int field;

	while (blocks_piece(&url, &plain, &field)) {
		if (field < 0)
			pen_add(pen, plain);
		else
			pen_field(pen, field, context);
		context = SLOT_URL;
	}
}

bool pen_has_field(struct str text)
{
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field))
		if (field >= 0)
			return true;
	return false;
}
