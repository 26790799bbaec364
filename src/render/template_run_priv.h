/* template_run_priv.h - a template in the course of running */
#ifndef TEMPLATE_RUN_PRIV_H
#define TEMPLATE_RUN_PRIV_H

#include "field_priv.h"
#include "position_priv.h"
#include "template_priv.h"

struct page { /* a text that was parsed */
	struct source source;
	struct tag *first;
};

/* A parent that is being run: its blocks go before those of what it runs. */
struct heir {
	const struct tag *parent;
	struct heir *inner;
};

struct active { /* a block's content that is being run, and is not anew */
	const struct tag *block;
	struct active *outer;
};

struct run {
	struct templates *from;
	const char *medium;
	struct arena *arena;
	struct fields_known *fields;
	struct draft *draft;
	bool html, plain;
	struct position position;
	const struct page *page;
	struct heir *outermost, **innermost;
	struct active *active;
	int partials; /* open inside each other */
	int reader_sections;
	size_t output, tags;
};

/* --- template.c */

int run_tags(struct run *run, const struct tag *tag, const struct scope *scope,
	     struct err *err);
/* Where `tag` stands. Returns -1. */
int run_place(const struct run *run, const struct tag *tag, struct err *err);

/* --- template_page.c: what stands in other files */

int run_file(struct run *run, struct str name, struct str indent,
	     const struct scope *scope, struct err *err);
int run_parent(struct run *run, const struct tag *tag,
	       const struct scope *scope, struct err *err);
int run_block(struct run *run, const struct tag *tag,
	      const struct scope *scope, struct err *err);

/* The page of `source`, under `key`. */
int run_source(struct run *run, const struct source *source, struct str key,
	       const struct scope *scope, struct err *err);

#endif
