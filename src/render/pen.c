/* pen.c - writing texts of an article into a draft, escaped for their place */
#include "base/utf8.h"
#include "field_priv.h"
#include "letter_priv.h"
#include "position_priv.h"
#include "template_priv.h"

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

/* What is wrong with a field fails the letter, and its line is shown. */
static void field_fail(struct letter *letter, int field)
{
	const struct block_field *f = &letter->blocks->fields[field];
	struct str body = letter->input->article->body;

	if (f->column > 0)
		err_excerpt(letter->err, source_line(body, (int)f->line),
			    f->column - 1);
	letter_fail(letter);
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
		field_fail(letter, field);
}

/* --- conditions ----------------------------------------------------------- */

struct str pen_source(const struct pen *pen, int field)
{
	const struct blocks *blocks = pen->letter->blocks;

	if ((size_t)field >= blocks->field_count)
		return STR_NONE;
	return blocks_str(blocks, blocks->fields[field].source);
}

static bool is_condition(const struct pen *pen, int field)
{
	struct str test;

	return field_mark(pen_source(pen, field), &test) != MARK_NONE;
}

void pen_if(struct pen *pen, int field, uint32_t line)
{
	struct letter *letter = pen->letter;
	struct str test;

	if (letter->failed || !field_exists(letter, field))
		return;
	if (field_mark(pen_source(pen, field), &test) <= MARK_UNLESS &&
	    test.len > 0) {
		pen_field(pen, field, SLOT_HTML);
		return;
	}
	err_set(letter->err, ERR_INPUT, "a condition has nothing to ask");
	err_hint(letter->err, "write {{#if subscriber.name}}");
	err_place(letter->err, "%s", letter_place(letter, line));
	letter_fail(letter);
}

void pen_else(struct pen *pen)
{
	pen_flush(pen);
	if (!pen->letter->failed)
		draft_else(pen->draft);
}

void pen_end(struct pen *pen)
{
	pen_flush(pen);
	if (!pen->letter->failed)
		draft_end(pen->draft);
}

/* --- texts ---------------------------------------------------------------- */

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

/* Thai, Lao, Burmese and Khmer break between words, though there are no blanks
 * between them; programs know where. In scripts of India signs belong together
 * that are told apart by none of our means. */
static bool breaks_itself(uint32_t c)
{
	return c <= ' ' || (c >= 0x7f && c <= 0xa0) ||
	       (c >= 0x0900 && c <= 0x0eff) || (c >= 0x1000 && c <= 0x109f) ||
	       (c >= 0x1780 && c <= 0x17ff) || (c >= 0x2000 && c <= 0x200b) ||
	       (c >= 0x1f000 && c <= 0x1faff) || text_is_unspaced(c);
}

/* An accent stays with its letter. */
static bool is_attached(struct str one, uint32_t c)
{
	return c >= 0x300 && utf8_width(one) == 0;
}

static void escape_breaking(struct pen *pen, struct str text)
{
	int run = 0;

	while (text.len > 0) {
		size_t len;
		uint32_t c = utf8_next(text, &len);
		struct str one = str_head(text, len);

		if (breaks_itself(c))
			run = 0;
		else if (!is_attached(one, c))
			run++;
		if (run > WORD_PART) {
			pen_put(pen, "<wbr>");
			run = 1;
		}
		escape(pen, one);
		text = str_skip(text, len);
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
void pen_isolated(struct pen *pen, int field, enum slot_context context)
{
	bool html = context == SLOT_HTML;
	bool isolated = field_exists(pen->letter, field) &&
			!is_condition(pen, field) && may_turn(pen, field);

	if (isolated)
		pen_put(pen, html ? "&#8296;" : "\xe2\x81\xa8");
	pen_field(pen, field, context);
	if (isolated)
		pen_put(pen, html ? "&#8297;" : "\xe2\x81\xa9");
}

void pen_html(struct pen *pen, struct str text)
{
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field)) {
		if (field >= 0)
			pen_isolated(pen, field, SLOT_HTML);
		else if (pen->letter->web) /* its style sheet breaks words */
			escape(pen, plain);
		else
			escape_breaking(pen, plain);
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
		} else if (is_condition(pen, field)) {
			err_set(letter->err, ERR_INPUT,
				"a condition may not stand inside a tag");
			err_place(letter->err, "%s",
				  field_place(letter, field));
			field_fail(letter, field);
		} else if (position_context(&position, &context, letter->err) <
			   0) {
			err_place(letter->err, "%s",
				  field_place(letter, field));
			field_fail(letter, field);
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

bool pen_is_link(struct letter *letter, int number)
{
	const struct blocks *blocks = letter->blocks;
	struct err ignored = ERR_INIT;
	enum field field;
	struct str rest;
	struct str name;

	if ((size_t)number >= blocks->field_count)
		return false;
	name = blocks_str(blocks, blocks->fields[number].source);
	name = str_trim(str_cut(name, '|', &rest));
	return field_of_reader(name, letter->fields, &field, &ignored) > 0 &&
	       field >= FIELD_UNSUBSCRIBE && field <= FIELD_ANSWERS;
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
