/* markdown_priv.h - an article's body on its way from text to blocks
 *
 *	source.c	line ends, merge fields, escapes	text -> text
 *	lines.c		footnotes and `:::` lines		text -> text
 *	directive.c	what one `::` line says, by the table of shape.c
 *	value.c		its label, address and settings
 *	tree.c		cmark					text -> nodes
 *	table.c		tables					nodes -> nodes
 *	container.c	`:::` blocks				nodes -> nodes
 *	html.c		raw HTML, made safe
 *	html_tree.c	blocks of raw HTML			text -> nodes
 *	html_cells.c	tables in them
 *	inline.c	what stands in a line of text		nodes -> nodes
 *	tags.c		inline HTML				nodes -> nodes
 *	link.c		addresses: bare ones, safe ones
 *	picture.c	the attributes of pictures
 *	heading.c	the ids of headings			nodes -> nodes
 *	smart.c		quotes, dashes, dots			nodes -> nodes
 *	flatten.c	numbers in place of pointers		nodes -> blocks
 *	gfm.c		HTML as GitHub's specification has it	nodes -> text
 *	convert.c	the same in a child
 *	condition.c	{{#if}} within a line, balanced
 *
 * Two characters of Unicode's private area, which an article may not have,
 * carry what cmark does not know through it, in texts and addresses:
 *
 *	E000 n E001		merge field n
 *	<!--E001 n E001-->	directive n, where it had a line of its own
 *	E001 (any other)	the character before it was escaped by a '\'
 *				and means nothing; dropped at the end
 */
#ifndef CONTENT_MARKDOWN_PRIV_H
#define CONTENT_MARKDOWN_PRIV_H

#include "article_priv.h"
#include "condition_priv.h"
#include "content/link.h"
#include "content/markdown.h"

#define DEPTH_MAX  BLOCKS_DEPTH_MAX
#define NODES_MAX  250000 /* 11 MB of blocks */
#define ANSWER_MAX (16 * 1024 * 1024)

struct node {
	enum block_kind kind;
	int level;
	unsigned flags;
	int number;
	uint32_t line;		   /* in the body */
	uint32_t from, to, column; /* in the text that cmark read */
	struct node *first, *last, *next;
	struct node *under; /* in a stack of those not yet paired */
	struct str text, url, title;
};

enum field_fault { FIELD_FINE, FIELD_OPEN, FIELD_TRIPLE, FIELD_EMPTY };

struct field { /* {{...}} as met in the source */
	struct str whole, inside;
	uint32_t line, column;
	enum field_fault fault; /* matters outside code only */
	uint32_t number;	/* among those in the blocks, from 1 */
};

enum directive_kind {
	DIRECTIVE_OPEN,
	DIRECTIVE_CLOSE,
	DIRECTIVE_ELSE,
	DIRECTIVE_LEAF
};

struct directive { /* a line that begins with ::, or a condition's tag */
	enum directive_kind kind;
	struct str whole;	/* the line without what is before it */
	struct node *node;	/* the block it makes; none if it closes one */
	struct str name;	/* as errors call it */
	enum condition_tag tag; /* COND_FIELD: it is a :: line */
	uint32_t line, column;
};

struct note { /* [^label]: ... */
	struct str label;
	struct node *node;
	uint32_t line;
	int number; /* by first use, 0: not used */
	struct note *next_used;
};

struct piece { /* inlines for cmark to read apart */
	struct node *into;
	struct str text;
	uint32_t line;
	struct piece *next;
};

struct markdown {
	struct arena *arena;
	const char *name;
	int first_line;
	bool bare;     /* nothing of ours: no fields, notes, :: lines */
	bool pure;     /* nothing of GitHub's either */
	bool raw_html; /* stays in the tree */
	size_t nodes;
	int containers;	      /* around what is being read */
	struct node *aligned; /* the last picture met that says where */

	struct field *fields;
	size_t field_count;
	size_t condition_tags; /* among them */
	struct directive *directives;
	size_t directive_count;
	struct note *notes;	 /* sorted by label once cut */
	struct note **notes_met; /* in the order of the source */
	size_t note_count;
	struct note *used_first, *used_last;
	int used_count;

	struct str text;	 /* what cmark reads */
	uint32_t line_count;	 /* of it; the two below are by its lines */
	const uint32_t *line_of; /* in the body */
	const size_t *starts;	 /* and one past the last */

	struct piece *pieces, *last_piece;
};

/* markdown.c */
struct node *node_new(struct markdown *m, enum block_kind kind, uint32_t line);
void node_push(struct node *parent, struct node *child);
/* All children, taken away. */
struct node *node_take_all(struct node *parent);
/* Everything behind `child` under `parent` goes below `child`. */
void node_adopt(struct node *parent, struct node *child);
/* Takes the place out of the lines of the body. Returns -1. */
int markdown_place(const struct markdown *m, struct err *err, uint32_t line,
		   uint32_t column);
int markdown_too_deep(const struct markdown *m, uint32_t line, struct err *err);
int markdown_too_many(const struct markdown *m, uint32_t line, struct err *err);

/* source.c */
int source_read(struct markdown *m, struct str source, struct str *text_out,
		struct err *err);
/* As it stood in the source: for code, and for errors. */
struct str source_restore(const struct markdown *m, struct str text);
/* The number in "&#160", at most a little more than 0x10FFFF. */
uint32_t source_reference(struct str s);
/* A field that stands nowhere in the source; its mark. */
struct str source_add_field(struct markdown *m, struct str inside,
			    uint32_t line, uint32_t column);
/* The error of a field that is not one; 0 if it is. */
int source_field_ok(const struct markdown *m, const struct field *field,
		    struct err *err);
/* The field whose mark stands at the start of `s`, with the mark's length;
 * NULL if none does. */
struct field *source_field(const struct markdown *m, struct str s,
			   size_t *len_out);

/* lines.c: cut footnotes and directives, fill m->text and its lines. */
int lines_cut(struct markdown *m, struct str text, struct err *err);
/* Line `n` (from 1) of m->text, without its end. */
struct str lines_get(const struct markdown *m, uint32_t n);

/* directive.c: 1 and the directive, 0 when `line` is ordinary text, -1. */
int directive_read(struct markdown *m, struct str line, uint32_t number,
		   uint32_t column, struct directive *out, struct err *err);
/* Is `line` the tag of a condition, and nothing else? */
bool directive_read_tag(struct markdown *m, struct str line, uint32_t number,
			struct directive *out);
/* The directive whose mark `text` is, but for blanks; or NULL. */
const struct directive *directive_of(const struct markdown *m, struct str text);

/* value.c: one setting off the front of what is between braces. A flag is a
 * word alone; what is broken has no value, or quotes that do not close. */
enum setting_form { SETTING_FLAG, SETTING_PAIR, SETTING_BROKEN };
enum setting_form setting_cut(struct str *rest, struct str *key_out,
			      struct str *value_out);

/* container.c: pairs the directives among the children of `parent`. */
int container_pair(struct markdown *m, struct node *parent, struct err *err);
/* Once what is in a block of ours is read: is it what belongs there? */
int container_end(struct markdown *m, struct node *node, struct err *err);
bool container_is(enum block_kind kind);

/* tree.c */
int tree_read(struct markdown *m, struct node **document_out, struct err *err);
/* The whole by cmark alone. */
void tree_html(struct str text, struct buf *out);
/* Reads m->pieces, each into its node. */
int tree_read_pieces(struct markdown *m, struct err *err);
/* Sets code[n] for each line n, from 1, that is code or raw HTML. */
void tree_find_code(struct str text, bool *code, size_t lines);

/* table.c: tables out of paragraphs, in the whole tree. */
int table_find(struct markdown *m, struct node *document, struct err *err);

/* html_tree.c: the blocks in a node of raw HTML become its children. */
int html_block(struct markdown *m, struct node *node, struct err *err);

/* html.c */
enum tag_form {
	TAG_NONE,
	TAG_OPENS,
	TAG_CLOSES,
	TAG_VOID,
	TAG_HIDES /* what follows, up to its end */
};
struct tag {
	enum tag_form form;
	int id;		 /* the same for an opening and its end */
	struct str safe; /* the tag as it may stand in a letter */
	struct str url, title, alt, width;
};
#define TAG_IDS 256
int html_tag(const struct markdown *m, const struct node *node,
	     struct tag *tag_out, struct err *err);
bool html_is_end(struct str raw, int id);
/* What an inline tag has a kind of its own for; BLOCK_HTML_INLINE if none. */
enum block_kind html_kind_of(int id);

/* tags.c: inline HTML among the children of `parent`, balanced. */
int tags_pair(struct markdown *m, struct node *parent, bool in_link,
	      struct err *err);
/* What <img> says, into an image. */
void tags_image(struct markdown *m, struct node *image, const struct tag *tag);

/* picture.c: "{width=300 cid}" at the start of the text behind a picture. */
int picture_read(struct markdown *m, struct node *image, struct node *behind,
		 struct err *err);
/* Its place, now that all in `parent` is read: that of the whole line. */
int picture_align(struct markdown *m, struct node *parent, struct err *err);

/* heading.c: "{#id}" at the end of one; then ids for all. */
int heading_read(struct markdown *m, struct node *heading, struct err *err);
int heading_name(struct markdown *m, struct node *document, struct err *err);

/* smart.c: quotes, dashes and dots as the language writes them. */
void smart_read(struct markdown *m, struct node *document, struct str lang);

/* inline.c: strikethrough, footnotes, bare addresses below `parent`. */
int inline_read(struct markdown *m, struct node *parent, int depth,
		bool in_link, struct err *err);
void inline_task(struct node *item);

/* link.c: a bare address in `text` whose tell-tale byte ('w', ':' or '@') is
 * at `i`; what stands before `from` is taken. `gfm`: file servers count, too. */
struct bare {
	size_t from, to;
	const char *prefix; /* what its address needs in front */
};
bool link_bare(struct str text, size_t from, size_t i, bool gfm,
	       struct bare *bare_out);

/* gfm.c */
int gfm_html(struct str text, const char *name, struct arena *arena,
	     struct buf *out, struct err *err);

/* markdown.c: the tree of blocks and what they say, notes at its end. */
int markdown_tree(struct markdown *m, struct str text,
		  struct node **document_out, struct err *err);

/* flatten.c */
int flatten(struct markdown *m, const struct node *document,
	    struct blocks **blocks_out, struct err *err);

#endif
