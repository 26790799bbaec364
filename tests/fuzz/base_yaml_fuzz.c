/* base_yaml_fuzz.c - any bytes at all as a settings file
 *
 * What is accepted keeps every limit of yaml.h and, written out in another
 * spelling, is read as the same tree; what is refused has a reason and a
 * line that exists.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/yaml.h"

#define NODES_MAX 100000
#define DEPTH_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct look {
	long lines;
	int nodes;
};

static void check_keys(const struct yaml *map)
{
	size_t n = 0;

	for (const struct yaml *v = map->first; v; v = v->next) {
		assert(utf8_ok(v->key, NULL));
		assert(v->key_line > 0 && v->key_column > 0);
		/* All pairs of a large map are too many to look at. */
		if (n++ < 64)
			assert(yaml_get(map, v->key) == v);
	}
}

static void check_tree(struct look *look, const struct yaml *node, int depth)
{
	size_t count = 0;
	bool truth;

	assert(++look->nodes <= NODES_MAX);
	assert(node->line > 0 && node->line <= look->lines + 1);
	assert(node->column > 0);
	if (node->kind == YAML_SCALAR) {
		assert(!memchr(node->text.at, 0, node->text.len));
		assert(node->text.at[node->text.len] == 0);
		assert(utf8_ok(node->text, NULL));
		assert(!node->first && node->count == 0);
		assert(!yaml_is_null(node) || !yaml_bool(node, &truth));
		return;
	}
	assert(depth < DEPTH_MAX);
	for (const struct yaml *v = node->first; v; v = v->next, count++)
		check_tree(look, v, depth + 1);
	assert(count == node->count);
	if (node->kind == YAML_MAP)
		check_keys(node);
}

static void print_text(struct buf *out, struct str text)
{
	buf_byte(out, '"');
	while (text.len > 0) {
		size_t len;

		buf_fmt(out, "\\U%08x", (unsigned)utf8_next(text, &len));
		text = str_skip(text, len);
	}
	buf_byte(out, '"');
}

static void print(struct buf *out, const struct yaml *node)
{
	if (node->kind == YAML_SCALAR) {
		print_text(out, node->text);
		return;
	}
	buf_addz(out, node->kind == YAML_MAP ? "{" : "[");
	for (const struct yaml *v = node->first; v; v = v->next) {
		if (node->kind == YAML_MAP) {
			buf_addz(out, "? ");
			print_text(out, v->key);
			buf_addz(out, " : ");
		}
		print(out, v);
		buf_addz(out, ",\n");
	}
	buf_addz(out, node->kind == YAML_MAP ? "}" : "]");
}

static void assert_same(const struct yaml *a, const struct yaml *b)
{
	assert(a->kind == b->kind && a->count == b->count);
	assert(str_eq(a->text, b->text) && str_eq(a->key, b->key));
	a = a->first;
	b = b->first;
	for (; a && b; a = a->next, b = b->next)
		assert_same(a, b);
	assert(!a && !b);
}

static void check_reprint(const struct yaml *root, struct arena *arena)
{
	struct yaml *again;
	struct err err = ERR_INIT;
	struct buf out;
	int rc;

	buf_init(&out, (size_t)64 << 20);
	print(&out, root);
	assert(!buf_over(&out));
	rc = yaml_parse(buf_str(&out), "again", 1, arena, &again, &err);
	if (rc < 0) {
		fprintf(stderr, "%s: %s\n%s\n", err.place, err.message, out.at);
		abort();
	}
	assert_same(root, again);
	buf_done(&out);
}

static void check_refusal(const struct err *err, long lines)
{
	long line, column;

	assert(err->code == ERR_INPUT && err->message[0]);
	assert(sscanf(err->place, "f:%ld:%ld", &line, &column) == 2);
	assert(line > 0 && line <= lines + 1 && column > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena = arena_new("fuzzing", (size_t)1 << 28);
	struct look look = { .lines = 1 };
	struct err err = ERR_INIT;
	struct yaml *root;

	/* YAML breaks lines at CR, NEL, LS and PS, too. */
	for (size_t i = 0; i < size; i++)
		look.lines += data[i] == '\n' || data[i] == '\r' ||
			      data[i] == 0x85 || data[i] == 0xA8 ||
			      data[i] == 0xA9;
	if (yaml_parse(text, "f", 1, arena, &root, &err) == 0) {
		check_tree(&look, root, 0);
		check_reprint(root, arena);
	} else {
		check_refusal(&err, look.lines);
	}
	arena_free(&arena);
	return 0;
}
