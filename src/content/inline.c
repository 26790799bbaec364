/* inline.c - what cmark does not know inside a line of text
 *
 * Strikethrough, references to footnotes, bare addresses and the boxes of
 * tasks.
 */
#include <stdlib.h>

#include "markdown_priv.h"

#define LABEL_MAX 100
#define OPENS	  0x4000u /* flags of a run of tildes until it has its other */
#define CLOSES	  0x8000u

static struct node *text_node(struct markdown *m, struct str text,
			      uint32_t line)
{
	struct node *node = node_new(m, BLOCK_TEXT, line);

	node->text = text;
	return node;
}

static void push_text(struct markdown *m, struct node *parent,
		      const struct node *from, struct str text)
{
	if (text.len > 0)
		node_push(parent, text_node(m, text, from->line));
}

/* --- strikethrough --------------------------------------------------------*/

enum side { BLANK, PUNCTUATION, WORD };

static enum side side_of(char c)
{
	if (c == ' ' || c == '\t')
		return BLANK;
	if ((unsigned char)c >= 0x80 || is_alnum(c))
		return WORD;
	return PUNCTUATION;
}

/* What a sibling shows to the run beside it. */
static enum side side_of_node(const struct node *node, bool its_end)
{
	if (!node || node->kind == BLOCK_SOFTBREAK ||
	    node->kind == BLOCK_LINEBREAK)
		return BLANK;
	if (node->kind != BLOCK_TEXT || node->text.len == 0)
		return PUNCTUATION;
	return side_of(node->text.at[its_end ? node->text.len - 1 : 0]);
}

/* The rule of * in CommonMark 6.2. */
static unsigned flanking(enum side before, enum side after)
{
	unsigned flags = 0;

	if (after != BLANK && (after == WORD || before != WORD))
		flags |= OPENS;
	if (before != BLANK && (before == WORD || after != WORD))
		flags |= CLOSES;
	return flags;
}

static size_t run_len(struct str text, size_t at)
{
	size_t len = 0;

	while (at + len < text.len && text.at[at + len] == '~')
		len++;
	return len;
}

/* Put `node` below `parent`, each run of tildes as a node of its own. */
static void split_tildes(struct markdown *m, struct node *parent,
			 struct node *node, const struct node *next)
{
	const struct node *last = parent->last;
	struct str text = node->text;
	size_t from = 0;

	for (size_t at = 0; at < text.len; at++) {
		size_t len = run_len(text, at);
		enum side before, after;
		struct node *run;

		if (len == 2 || (len == 1 && m->bare)) {
			before = at > 0 ? side_of(text.at[at - 1])
					: side_of_node(last, true);
			after = at + len < text.len ? side_of(text.at[at + len])
						    : side_of_node(next, false);
			push_text(m, parent, node,
				  str_at(text.at + from, at - from));
			run = text_node(m, str_at(text.at + at, len),
					node->line);
			run->flags = flanking(before, after);
			node_push(parent, run);
			from = at + len;
		}
		at += len > 0 ? len - 1 : 0;
	}
	push_text(m, parent, node, str_skip(text, from));
}

struct tildes { /* runs that wait for their other */
	struct node *open;
	int counts[3]; /* by length */
};

/* The innermost run as long as `node`; those inside it stay text. */
static struct node *take_open(struct tildes *t, const struct node *node)
{
	struct node *open;

	if (t->counts[node->text.len] == 0)
		return NULL;
	do {
		open = t->open;
		t->open = open->under;
		t->counts[open->text.len]--;
	} while (open->text.len != node->text.len);
	return open;
}

static void pair_tildes(struct node *parent)
{
	struct tildes t = { .open = NULL };
	struct node *next;

	for (struct node *node = node_take_all(parent); node; node = next) {
		unsigned flags = node->flags;
		struct node *open = NULL;

		next = node->next;
		if (node->kind != BLOCK_TEXT) {
			node_push(parent, node);
			continue;
		}
		node->flags = 0;
		if (flags & CLOSES)
			open = take_open(&t, node);
		if (open) {
			open->kind = BLOCK_STRIKE;
			open->text = STR_NONE;
			node_adopt(parent, open);
			continue;
		}
		node_push(parent, node);
		if (flags & OPENS) {
			node->under = t.open;
			t.open = node;
			t.counts[node->text.len]++;
		}
	}
}

static void strike(struct markdown *m, struct node *parent)
{
	bool any = false;
	struct node *next;

	for (const struct node *c = parent->first; c && !any; c = c->next)
		any = c->kind == BLOCK_TEXT &&
		      str_find_str(c->text, m->bare ? STR("~") : STR("~~")) >=
			      0;
	if (!any)
		return;
	for (struct node *node = node_take_all(parent); node; node = next) {
		next = node->next;
		if (node->kind == BLOCK_TEXT)
			split_tildes(m, parent, node, next);
		else
			node_push(parent, node);
	}
	pair_tildes(parent);
}

/* --- footnotes and bare addresses -----------------------------------------*/

static int by_label(const void *key, const void *note)
{
	return str_cmp(*(const struct str *)key,
		       ((const struct note *)note)->label);
}

/* The footnote whose reference begins at the start of `s`. */
static struct note *find_note(const struct markdown *m, struct str s,
			      size_t *len_out)
{
	struct str label = str_skip(s, 2);
	size_t end = 0;

	while (end < label.len && end <= LABEL_MAX &&
	       !memchr(" \t[]", label.at[end], 4))
		end++;
	if (end == 0 || end == label.len || label.at[end] != ']')
		return NULL;
	label = str_head(label, end);
	*len_out = end + 3;
	return bsearch(&label, m->notes, m->note_count, sizeof(m->notes[0]),
		       by_label);
}

/* Numbers go by first use. */
static int use_note(struct markdown *m, struct note *note)
{
	if (note->number > 0)
		return note->number;
	note->number = ++m->used_count;
	if (m->used_last)
		m->used_last->next_used = note;
	else
		m->used_first = note;
	m->used_last = note;
	return note->number;
}

/* At `i` of the node's text begins (or is) something: its node and bounds. */
static struct node *find_here(struct markdown *m, const struct node *node,
			      size_t from, size_t i, struct bare *bounds)
{
	struct str text = node->text;
	struct node *found, *label;
	struct note *note;
	size_t len;

	if (m->note_count > 0 && str_starts(str_skip(text, i), STR("[^"))) {
		note = find_note(m, str_skip(text, i), &len);
		if (!note)
			return NULL;
		*bounds = (struct bare){ .from = i, .to = i + len };
		found = node_new(m, BLOCK_NOTE_REF, node->line);
		found->number = use_note(m, note);
		return found;
	}
	if (!link_bare(text, from, i, m->bare, bounds))
		return NULL;
	found = node_new(m, BLOCK_LINK, node->line);
	label = text_node(
		m, str_at(text.at + bounds->from, bounds->to - bounds->from),
		node->line);
	node_push(found, label);
	found->url = arena_fmt(m->arena, "%s" STR_FMT, bounds->prefix,
			       STR_ARG(label->text));
	return found;
}

static void split_text(struct markdown *m, struct node *parent,
		       struct node *node)
{
	struct str text = node->text;
	struct bare bounds;
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		struct node *found = NULL;

		if (memchr("[w:@", text.at[i], 4))
			found = find_here(m, node, from, i, &bounds);
		if (!found)
			continue;
		push_text(m, parent, node,
			  str_at(text.at + from, bounds.from - from));
		node_push(parent, found);
		from = bounds.to;
		i = from - 1;
	}
	node->text = str_skip(text, from);
	if (node->text.len > 0)
		node_push(parent, node);
}

/* --- alternative texts and tasks -------------------------------------------*/

/* All text below: a picture's alternative text has no markup. */
static void add_alt(const struct markdown *m, const struct node *node,
		    struct buf *alt)
{
	if (node->kind == BLOCK_TEXT)
		buf_add(alt, node->text);
	if (node->kind == BLOCK_CODESPAN)
		buf_add(alt, source_restore(m, node->text));
	if (node->kind == BLOCK_SOFTBREAK || node->kind == BLOCK_LINEBREAK)
		buf_byte(alt, ' ');
	for (const struct node *c = node->first; c; c = c->next)
		add_alt(m, c, alt);
}

static void plain_alt(struct markdown *m, struct node *image)
{
	struct buf alt;

	if (!image->first ||
	    (image->first->kind == BLOCK_TEXT && !image->first->next))
		return;
	buf_init(&alt, ANSWER_MAX);
	add_alt(m, image, &alt);
	node_take_all(image);
	push_text(m, image, image, arena_dup(m->arena, buf_str(&alt)));
	buf_done(&alt);
}

void inline_task(struct node *item)
{
	struct node *text = item->first ? item->first->first : NULL;

	if (!text || item->first->kind != BLOCK_PARAGRAPH ||
	    text->kind != BLOCK_TEXT)
		return;
	if (str_starts(text->text, STR("[ ] ")))
		item->flags |= BLOCK_TASK;
	else if (str_starts_nocase(text->text, STR("[x] ")))
		item->flags |= BLOCK_TASK | BLOCK_DONE;
	else
		return;
	text->text = str_skip(text->text, 4);
}

/* --- all of them ----------------------------------------------------------*/

static int check_address(const struct markdown *m, const struct node *node,
			 struct err *err)
{
	struct str shown;

	if (link_is_safe(node->url))
		return 0;
	shown = source_restore(m, node->url);
	err_set(err, ERR_INPUT, "a letter cannot have %s '" STR_FMT "'",
		node->kind == BLOCK_IMAGE ? "the picture" : "a link to",
		STR_ARG(str_head(shown, 200)));
	err_hint(err, "addresses begin with https://, http://, mailto: or "
		      "tel:");
	return markdown_place(m, err, node->line, 0);
}

/* In a dialect that is not ours, what a letter would not have is left out: of
 * a link stay its words. What is to be read next. */
static struct node *disarm(const struct markdown *m, struct node *node,
			   struct node *next)
{
	if (!m->bare || m->raw_html || link_is_safe(node->url))
		return node;
	if (node->kind == BLOCK_IMAGE) {
		node->url = STR_NONE;
		return node;
	}
	if (!node->first)
		return next;
	node->last->next = next;
	return node->first;
}

static int read_child(struct markdown *m, struct node *node, int depth,
		      bool in_link, struct err *err)
{
	if (node->kind == BLOCK_CODESPAN)
		node->text = source_restore(m, node->text);
	if (node->kind == BLOCK_IMAGE && !m->raw_html)
		plain_alt(m, node);
	if ((node->kind == BLOCK_IMAGE || node->kind == BLOCK_LINK) &&
	    !m->raw_html && check_address(m, node, err) < 0)
		return -1;
	if (node->kind == BLOCK_LINK)
		return inline_read(m, node, depth + 1, true, err);
	if (node->kind == BLOCK_EMPH || node->kind == BLOCK_STRONG ||
	    node->kind == BLOCK_STRIKE)
		return inline_read(m, node, depth + 1, in_link, err);
	return 0;
}

int inline_read(struct markdown *m, struct node *parent, int depth,
		bool in_link, struct err *err)
{
	struct node *next;

	if (depth > DEPTH_MAX)
		return markdown_too_deep(m, parent->line, err);
	if (!m->pure)
		strike(m, parent);
	if (!m->raw_html && tags_pair(m, parent, in_link, err) < 0)
		return -1;
	for (struct node *node = node_take_all(parent); node; node = next) {
		next = node->next;
		if (node->kind == BLOCK_LINK || node->kind == BLOCK_IMAGE) {
			struct node *safe = disarm(m, node, next);

			if (safe != node) {
				next = safe;
				continue;
			}
		}
		if (node->kind == BLOCK_IMAGE && !m->bare &&
		    picture_read(m, node, next, err) < 0)
			return -1;
		if (node->kind == BLOCK_TEXT && !in_link && !m->pure) {
			split_text(m, parent, node);
			continue;
		}
		node_push(parent, node);
		if (read_child(m, node, depth, in_link, err) < 0)
			return -1;
	}
	return 0;
}
