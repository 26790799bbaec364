/* local.c - delivery into a folder: whole files under names that repeat */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/file.h"
#include "send_priv.h"

void local_verdict(struct smtp_verdict *verdict, int code, const char *status,
		   const char *fmt, ...)
{
	va_list args;

	*verdict = (struct smtp_verdict){ .stage = SMTP_DOT, .code = code };
	snprintf(verdict->status, sizeof(verdict->status), "%s", status);
	va_start(args, fmt);
	vsnprintf(verdict->text, sizeof(verdict->text), fmt, args);
	va_end(args);
}

void folder_deliver(const struct conf *conf, const struct conf_relay *relay,
		    const char *name, struct str bytes,
		    struct smtp_verdict *verdict)
{
	struct str dir = relay->dir;
	struct err err = ERR_INIT;
	char folder[PATH_MAX - 64], path[PATH_MAX];

	if (dir.at[0] == '/')
		snprintf(folder, sizeof(folder), STR_FMT, STR_ARG(dir));
	else
		snprintf(folder, sizeof(folder), STR_FMT "/" STR_FMT,
			 STR_ARG(conf->dir), STR_ARG(dir));
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_make_dir(folder, &err) < 0 ||
	    file_write(path, bytes, 0600, &err) < 0)
		/* Before the dot, in a server's terms: nothing was taken. */
		*verdict = (struct smtp_verdict){ .stage = SMTP_MAIL,
						  .code = 451 };
	if (err.code != ERR_NONE)
		snprintf(verdict->text, sizeof(verdict->text), "%.500s",
			 err.message);
	else
		local_verdict(verdict, 250, "2.0.0", "250 2.0.0 written");
}

/* ISSUE-ORDINAL.eml: the same row gives the same name on every try, so that a
 * second copy takes the first one's place. */
static void into_folder(struct run *run, const struct job *job,
			struct str bytes, struct smtp_verdict *verdict)
{
	char name[60];

	snprintf(name, sizeof(name), "%lld-%08lld.eml",
		 (long long)job->claim.issue, (long long)job->claim.ordinal);
	folder_deliver(run->options->conf, run->relay.conf, name, bytes,
		       verdict);
}

void local_deliver(struct run *run, struct job *job, struct str sender,
		   struct str bytes, struct smtp_verdict *verdict_out)
{
	if (run->relay.conf->kind == RELAY_DIR)
		into_folder(run, job, bytes, verdict_out);
	else
		pipe_deliver(run->relay.conf, sender, job->claim.address, bytes,
			     PIPE_MS, verdict_out);
}
