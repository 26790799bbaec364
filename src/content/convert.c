/* convert.c - a text of Markdown as HTML that may hold anything, in a child */
#include "base/child.h"
#include "markdown_priv.h"

#define CPU_S	2
#define WALL_MS 10000
#define MEMORY	((size_t)256 * 1024 * 1024)

struct job {
	struct str text;
	const char *name;
	enum markdown_dialect dialect;
};

static int work(void *arg, struct buf *out, struct err *err)
{
	const struct job *job = arg;
	struct arena *arena = arena_new("converting Markdown", MEMORY);
	int rc = 0;

	if (job->dialect == MARKDOWN_GITHUB)
		rc = gfm_html(job->text, job->name, arena, out, err);
	else
		tree_html(job->text, out);
	arena_free(&arena);
	return rc;
}

int markdown_html(struct str text, const char *name,
		  enum markdown_dialect dialect, struct arena *arena,
		  struct str *html_out, struct err *err)
{
	static const struct child_limits limits = { .cpu_s = CPU_S,
						    .wall_ms = WALL_MS,
						    .memory = MEMORY,
						    .answer = ANSWER_MAX };
	struct job job = { .text = text, .name = name, .dialect = dialect };
	struct str what = arena_fmt(arena, "reading %s", name);
	struct buf answer;
	int rc;

	buf_init(&answer, ANSWER_MAX);
	rc = child_run(&limits, what.at, work, &job, &answer, err);
	if (rc == 0)
		*html_out = arena_dup(arena, buf_str(&answer));
	buf_done(&answer);
	return rc;
}
