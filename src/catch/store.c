/* store.c - each letter a file, each file a line in the log */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "catch_priv.h"
#include "mail/header.h"
#include "seal/seal.h"

/* Of a line of the log, and of the headers that we add: all recipients stand
 * in them, each octet six long at worst. */
#define LINE_MAX_BYTES ((size_t)1024 * 1024)

struct store {
	char dir[PATH_MAX - 64];
	bool maildir;
	int log;
	int64_t last;		/* the newest number */
};

static const char *folder(const struct store *store)
{
	return store->maildir ? "/new" : "";
}

static int find_last(struct store *store, const char *part, struct err *err)
{
	char path[PATH_MAX];
	const struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s%s", store->dir, part);
	dir = opendir(path);
	if (!dir)
		return err_sys(err, "cannot open the folder '%s'", path);
	while ((entry = readdir(dir))) {
		struct str rest;
		struct str name = str_cut(str_of(entry->d_name), '.', &rest);
		int64_t number;

		if (str_int64(name, &number) && number > store->last)
			store->last = number;
	}
	closedir(dir);
	return 0;
}

static int make_folders(const struct store *store, struct err *err)
{
	static const char *const parts[] = { "tmp", "new", "cur" };
	char path[PATH_MAX];

	if (file_make_dir(store->dir, err) < 0)
		return -1;
	for (size_t i = 0; store->maildir && i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", store->dir, parts[i]);
		if (file_make_dir(path, err) < 0)
			return -1;
	}
	return 0;
}

static void read_number(struct store *store, struct str line)
{
	struct json *json = NULL;
	struct err err = ERR_INIT;
	int64_t number;

	if (json_parse(line, &json, &err) < 0)
		return;
	if (json_int(json_get(json, "n"), &number) && number > store->last)
		store->last = number;
	json_free(&json);
}

/* The last line has the last number, also of letters that somebody has taken
 * away since. What a power cut left of a line is dropped. */
static int resume_log(struct store *store, struct err *err)
{
	off_t size = lseek(store->log, 0, SEEK_END);
	off_t from = size > (off_t)LINE_MAX_BYTES ? size - (off_t)LINE_MAX_BYTES
						  : 0;
	char *tail = die_alloc(LINE_MAX_BYTES, "the catcher's log");
	ssize_t n = pread(store->log, tail, LINE_MAX_BYTES, from);
	struct str whole = str_at(tail, n > 0 ? (size_t)n : 0);
	const char *before;
	int rc = size < 0 || n < 0 ? -1 : 0;

	while (whole.len > 0 && whole.at[whole.len - 1] != '\n')
		whole.len--;
	if (rc == 0 && (size_t)n > whole.len)
		rc = ftruncate(store->log, from + (off_t)whole.len);
	if (rc == 0 && whole.len > 0) {
		whole.len--;
		before = memrchr(whole.at, '\n', whole.len);
		if (before)
			whole = str_skip(whole, (size_t)(before + 1 - tail));
		read_number(store, whole);
	}
	free(tail);
	return rc < 0 ? err_sys(err, "cannot read '%s/log.jsonl'", store->dir)
		      : 0;
}

/* Two catchers would overwrite each other's letters. */
static int open_log(struct store *store, struct err *err)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/log.jsonl", store->dir);
	store->log = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (store->log < 0)
		return err_sys(err, "cannot write '%s'", path);
	if (flock(store->log, LOCK_EX | LOCK_NB) == 0)
		return resume_log(store, err);
	if (errno != EWOULDBLOCK)
		return err_sys(err, "cannot lock '%s'", path);
	err_set(err, ERR_AGAIN, "another catcher writes into '%s'", store->dir);
	return err_hint(err, "end it, or name another folder with --dir");
}

/* Numbers go on where an earlier run ended; a reader of a Maildir moves
 * letters from new to cur. */
static int resume(struct store *store, struct err *err)
{
	if (make_folders(store, err) < 0 || open_log(store, err) < 0 ||
	    find_last(store, folder(store), err) < 0)
		return -1;
	return store->maildir ? find_last(store, "/cur", err) : 0;
}

int store_open(const char *dir, bool maildir, struct store **store_out,
	       struct err *err)
{
	struct store *store = die_calloc(1, sizeof(*store), "the catcher");

	store->maildir = maildir;
	store->log = -1;
	snprintf(store->dir, sizeof(store->dir), "%s", dir);
	if (resume(store, err) < 0) {
		store_close(&store);
		return -1;
	}
	*store_out = store;
	return 0;
}

void store_close(struct store **store)
{
	if (!*store)
		return;
	if ((*store)->log >= 0)
		close((*store)->log);
	free(*store);
	*store = NULL;
}

static int write_parts(int fd, struct str head, struct str bytes)
{
	struct str parts[] = { head, bytes };

	for (int i = 0; i < 2; i++) {
		while (parts[i].len > 0) {
			ssize_t n = write(fd, parts[i].at, parts[i].len);

			if (n < 0 && errno == EINTR)
				continue;
			if (n < 0)
				return -1;
			parts[i] = str_skip(parts[i], (size_t)n);
		}
	}
	return 0;
}

/* Under another name first: who lists the folder sees whole letters only. */
static int write_letter(struct store *store, int64_t number,
			const struct caught *letter, struct err *err)
{
	char temporary[PATH_MAX], path[PATH_MAX];
	struct buf head;
	struct str rest = letter->recipients;
	int fd, rc;

	snprintf(path, sizeof(path), "%s%s/%06lld.%s", store->dir,
		 folder(store), (long long)number,
		 store->maildir ? "tidings" : "eml");
	snprintf(temporary, sizeof(temporary), "%s%s/.%06lld.part",
		 store->dir, store->maildir ? "/tmp" : "",
		 (long long)number);
	buf_init(&head, LINE_MAX_BYTES);
	buf_fmt(&head, "Return-Path: <" STR_FMT ">\r\n",
		STR_ARG(letter->from));
	while (rest.len > 0) {
		struct str one = str_cut(rest, '\n', &rest);

		buf_fmt(&head, "X-Original-To: " STR_FMT "\r\n",
			STR_ARG(one));
	}
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	rc = fd < 0 ? -1 : write_parts(fd, buf_str(&head), letter->bytes);
	buf_done(&head);
	if (fd >= 0 && close(fd) < 0)
		rc = -1;
	if (rc == 0)
		rc = rename(temporary, path);
	return rc < 0 ? err_sys(err, "cannot write '%s'", path) : 0;
}

static void add_recipients(struct json *line, struct str recipients)
{
	struct str rest = recipients;
	struct str first = str_cut(rest, '\n', &rest);
	struct json *all;

	if (rest.len == 0) {
		json_add_str(line, "to", first);
		return;
	}
	all = json_list();
	while (recipients.len > 0)
		json_push_str(all, str_cut(recipients, '\n', &recipients));
	json_add(line, "to", &all);
}

static int write_line(struct store *store, int64_t number,
		      const struct caught *letter, struct err *err)
{
	struct json *line = json_map();
	struct buf text, id;
	char hash[65];
	off_t end = lseek(store->log, 0, SEEK_END);
	ssize_t put;

	buf_init(&text, LINE_MAX_BYTES);
	buf_init(&id, 4096);
	header_find(letter->bytes, "Message-ID", &id);
	seal_sha256_hex(letter->bytes, hash);
	json_add_int(line, "n", number);
	json_add_time(line, "time", letter->now);
	json_add_int(line, "conn", letter->connection);
	json_add_bool(line, "tls", letter->tls);
	json_add_str(line, "from", letter->from);
	add_recipients(line, letter->recipients);
	json_add_int(line, "size", (int64_t)letter->bytes.len);
	json_add_str(line, "sha256", str_of(hash));
	json_add_str(line, "message_id", buf_str(&id));
	json_add_str(line, "reply", letter->reply);
	json_line(line, &text);
	put = write(store->log, text.at, text.len);
	json_free(&line);
	buf_done(&id);
	if (text.len > 0 && put == (ssize_t)text.len) {
		buf_done(&text);
		return 0;
	}
	err_sys(err, "cannot write '%s/log.jsonl'", store->dir);
	if (put > 0 && ftruncate(store->log, end) < 0)
		err_hint(err, "its last line is not whole");
	buf_done(&text);
	return -1;
}

int store_keep(struct store *store, const struct caught *letter,
	       int64_t *number_out, struct err *err)
{
	int64_t number = store->last + 1;

	if (write_letter(store, number, letter, err) < 0 ||
	    write_line(store, number, letter, err) < 0)
		return -1;
	store->last = number;
	*number_out = number;
	return 0;
}
