/* yaml.c - libyaml's events become a tree that knows its lines */
#include "base/yaml.h"

#include <stdlib.h>
#include <yaml.h>

#include "base/utf8.h"

#define DEPTH_MAX 64
#define NODES_MAX 100000

struct reader {
	yaml_parser_t parser;
	struct str text;
	const char *name;
	int first_line;
	struct arena *arena;
	struct yaml *open[DEPTH_MAX]; /* collections not yet closed */
	struct yaml *last[DEPTH_MAX]; /* their latest child */
	int depth;
	int nodes;
	struct str key; /* read, its value is next */
	bool has_key;
	int key_line, key_column;
	struct yaml *root;
};

static int line_of(const struct reader *r, yaml_mark_t mark)
{
	return r->first_line + (int)mark.line;
}

static int refuse(const struct reader *r, yaml_mark_t mark, struct err *err)
{
	return err_place(err, "%s:%d:%d", r->name, line_of(r, mark),
			 (int)mark.column + 1);
}

/* The text is well-formed up to `at`. */
static int refuse_byte(const struct reader *r, size_t at, struct err *err)
{
	int line = r->first_line, column = 1;

	for (size_t i = 0; i < at && i < r->text.len; i++) {
		column += ((unsigned char)r->text.at[i] & 0xc0) != 0x80;
		if (r->text.at[i] == '\n') {
			line++;
			column = 1;
		}
	}
	return err_place(err, "%s:%d:%d", r->name, line, column);
}

static int syntax_error(const struct reader *r, struct err *err)
{
	const yaml_parser_t *p = &r->parser;

	/* The mark of these is not set: libyaml reads ahead of its scanner. */
	if (p->error == YAML_READER_ERROR) {
		err_set(err, ERR_INPUT, "%s", p->problem);
		err_hint(err, "delete the character, or write it as an escape "
			      "between double quotes");
		return refuse_byte(r, p->problem_offset, err);
	}
	err_set(err, ERR_INPUT, "%s%s%s",
		p->problem ? p->problem : "this is not YAML",
		p->context ? " " : "", p->context ? p->context : "");
	if (p->context && p->context_mark.line != p->problem_mark.line)
		err_hint(err,
			 "it begins in line %d; look for a missing quote, "
			 "bracket or colon",
			 line_of(r, p->context_mark));
	else
		err_hint(err, "indent with blanks, and put a text that has "
			      "': ' or ' #' inside or a sign in front between "
			      "quotes");
	return refuse(r, p->problem_mark, err);
}

static void add_child(struct reader *r, struct yaml *node)
{
	struct yaml *parent = r->depth ? r->open[r->depth - 1] : NULL;

	if (!parent) {
		r->root = node;
		return;
	}
	if (parent->kind == YAML_MAP) {
		node->key = r->key;
		node->key_line = r->key_line;
		node->key_column = r->key_column;
		r->has_key = false;
	}
	if (r->last[r->depth - 1])
		r->last[r->depth - 1]->next = node;
	else
		parent->first = node;
	r->last[r->depth - 1] = node;
	parent->count++;
}

static int new_node(struct reader *r, enum yaml_kind kind, yaml_mark_t mark,
		    struct yaml **node_out, struct err *err)
{
	struct yaml *node;

	if (++r->nodes > NODES_MAX) {
		err_set(err, ERR_INPUT, "more than %d values", NODES_MAX);
		return refuse(r, mark, err);
	}
	node = arena_new_of(r->arena, struct yaml);
	node->kind = kind;
	node->text = STR_NONE;
	node->line = line_of(r, mark);
	node->column = (int)mark.column + 1;
	*node_out = node;
	add_child(r, node);
	return 0;
}

/* In a map every second node is a key. */
static bool wants_key(const struct reader *r)
{
	return r->depth > 0 && r->open[r->depth - 1]->kind == YAML_MAP &&
	       !r->has_key;
}

static int read_scalar(struct reader *r, const yaml_event_t *event,
		       struct err *err)
{
	struct str text = arena_dup(
		r->arena, str_at((const char *)event->data.scalar.value,
				 event->data.scalar.length));
	struct yaml *node;

	if (memchr(text.at, 0, text.len)) {
		err_set(err, ERR_INPUT, "a NUL byte in a value");
		return refuse(r, event->start_mark, err);
	}
	if (wants_key(r)) {
		r->key = text;
		r->has_key = true;
		r->key_line = line_of(r, event->start_mark);
		r->key_column = (int)event->start_mark.column + 1;
		return 0;
	}
	if (new_node(r, YAML_SCALAR, event->start_mark, &node, err) < 0)
		return -1;
	node->text = text;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return 0;
}

static int open_collection(struct reader *r, enum yaml_kind kind,
			   yaml_mark_t mark, struct err *err)
{
	struct yaml *node;

	if (wants_key(r)) {
		err_set(err, ERR_INPUT, "a name must be a plain word");
		return refuse(r, mark, err);
	}
	if (r->depth == DEPTH_MAX) {
		err_set(err, ERR_INPUT, "more than %d levels", DEPTH_MAX);
		return refuse(r, mark, err);
	}
	if (new_node(r, kind, mark, &node, err) < 0)
		return -1;
	r->open[r->depth] = node;
	r->last[r->depth] = NULL;
	r->depth++;
	return 0;
}

static int by_place(const struct yaml *a, const struct yaml *b)
{
	return a->key_line != b->key_line ? a->key_line - b->key_line
					  : a->key_column - b->key_column;
}

static int by_key(const void *a, const void *b)
{
	const struct yaml *one = *(const struct yaml *const *)a;
	const struct yaml *other = *(const struct yaml *const *)b;
	int order = str_cmp(one->key, other->key);

	return order ? order : by_place(one, other);
}

/* Asked when the map is complete, with its names sorted: comparing each one
 * with all before it takes minutes when somebody writes a hundred thousand. */
static int refuse_doubles(const struct reader *r, const struct yaml *map,
			  struct err *err)
{
	const struct yaml **all = arena_many(r->arena, const struct yaml *,
					     map->count);
	const struct yaml *again = NULL;
	size_t n = 0;

	for (const struct yaml *v = map->first; v; v = v->next)
		all[n++] = v;
	qsort(all, n, sizeof(*all), by_key);
	for (size_t i = 1; i < n; i++)
		if (str_eq(all[i - 1]->key, all[i]->key) &&
		    (!again || by_place(all[i], again) < 0))
			again = all[i];
	if (!again)
		return 0;
	err_set(err, ERR_INPUT, "'" STR_FMT "' stands here a second time",
		STR_ARG(again->key));
	err_hint(err, "keep one of the two");
	return err_place(err, "%s:%d:%d", r->name, again->key_line,
			 again->key_column);
}

static int close_collection(struct reader *r, struct err *err)
{
	const struct yaml *node = r->open[--r->depth];

	return node->kind == YAML_MAP ? refuse_doubles(r, node, err) : 0;
}

static bool is_merge_key(const struct reader *r, const yaml_event_t *e)
{
	return wants_key(r) &&
	       e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       !strcmp((const char *)e->data.scalar.value, "<<");
}

/* The parts of YAML that surprise: none of them is needed here. */
static int refuse_fancy(const struct reader *r, const yaml_event_t *e,
			struct err *err)
{
	const char *what = NULL;

	if (e->type == YAML_ALIAS_EVENT)
		what = "an alias (*name)";
	else if (e->type == YAML_SCALAR_EVENT)
		what = e->data.scalar.anchor ? "an anchor (&name)"
		       : e->data.scalar.tag  ? "a tag (!name)"
		       : is_merge_key(r, e)  ? "a merge key (<<)"
					     : NULL;
	else if (e->type == YAML_MAPPING_START_EVENT)
		what = e->data.mapping_start.anchor ? "an anchor (&name)"
		       : e->data.mapping_start.tag  ? "a tag (!name)"
						    : NULL;
	else if (e->type == YAML_SEQUENCE_START_EVENT)
		what = e->data.sequence_start.anchor ? "an anchor (&name)"
		       : e->data.sequence_start.tag  ? "a tag (!name)"
						     : NULL;
	else if (e->type == YAML_DOCUMENT_START_EVENT && r->root)
		what = "a second document";
	if (!what)
		return 0;
	err_set(err, ERR_INPUT, "%s is not allowed here", what);
	err_hint(err, "put the value in quotes if it is meant as text");
	return refuse(r, e->start_mark, err);
}

static int take_event(struct reader *r, const yaml_event_t *event,
		      struct err *err)
{
	if (refuse_fancy(r, event, err) < 0)
		return -1;
	if (event->type == YAML_SCALAR_EVENT)
		return read_scalar(r, event, err);
	if (event->type == YAML_MAPPING_START_EVENT)
		return open_collection(r, YAML_MAP, event->start_mark, err);
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return open_collection(r, YAML_SEQ, event->start_mark, err);
	if (event->type == YAML_MAPPING_END_EVENT ||
	    event->type == YAML_SEQUENCE_END_EVENT)
		return close_collection(r, err);
	return 0;
}

static int read_events(struct reader *r, struct err *err)
{
	for (;;) {
		yaml_event_t event;
		bool end;
		int rc;

		if (!yaml_parser_parse(&r->parser, &event))
			return syntax_error(r, err);
		end = event.type == YAML_STREAM_END_EVENT;
		rc = take_event(r, &event, err);
		yaml_event_delete(&event);
		if (rc < 0 || end)
			return rc;
	}
}

/* libyaml takes the byte order mark for the first column, and whatever stands
 * in the second line for less deep. It also insists on a pointer. */
static struct str without_mark(struct str text)
{
	struct str mark = STR("\xEF\xBB\xBF");

	if (text.len == 0)
		return STR_NONE;
	return str_starts(text, mark) ? str_skip(text, mark.len) : text;
}

int yaml_parse(struct str text, const char *name, int first_line,
	       struct arena *arena, struct yaml **root_out, struct err *err)
{
	struct reader r = { .text = without_mark(text),
			    .name = name,
			    .first_line = first_line,
			    .arena = arena };
	size_t bad;
	int rc;

	if (!utf8_ok(r.text, &bad)) {
		err_set(err, ERR_INPUT, "a byte here is not UTF-8");
		err_hint(err, "save the file as UTF-8");
		return refuse_byte(&r, bad, err);
	}
	if (!yaml_parser_initialize(&r.parser))
		return err_set(err, ERR_INTERNAL, "no YAML parser");
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&r.parser, (const unsigned char *)r.text.at, r.text.len);
	rc = read_events(&r, err);
	yaml_parser_delete(&r.parser);
	if (rc < 0)
		return -1;
	if (!r.root || (r.root->kind == YAML_SCALAR && yaml_is_null(r.root))) {
		r.root = arena_new_of(arena, struct yaml);
		r.root->kind = YAML_MAP;
		r.root->line = first_line;
		r.root->column = 1;
	}
	*root_out = r.root;
	return 0;
}

const struct yaml *yaml_get(const struct yaml *map, struct str key)
{
	for (const struct yaml *n = map->first; n; n = n->next)
		if (str_eq(n->key, key))
			return n;
	return NULL;
}

bool yaml_is_null(const struct yaml *node)
{
	return node->kind == YAML_SCALAR && node->plain &&
	       (node->text.len == 0 || str_eqz(node->text, "~") ||
		str_eqz(node->text, "null"));
}

bool yaml_bool(const struct yaml *node, bool *value_out)
{
	static const struct {
		struct str word;
		bool value;
	} words[] = {
		{ STR("true"), true }, { STR("false"), false },
		{ STR("yes"), true },  { STR("no"), false },
		{ STR("on"), true },   { STR("off"), false },
	};

	if (node->kind != YAML_SCALAR)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (str_eq_nocase(node->text, words[i].word)) {
			*value_out = words[i].value;
			return true;
		}
	}
	return false;
}
