/* seal_dkim_test.c - signatures that receivers can prove
 *
 * A small verifier of our own stands here beside the signer: it reads the
 * field back, builds the canonical forms in another way and asks the public
 * key. tests/e2e has two verifiers by other people.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "seal/dkim_priv.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define AT	     1764036000

struct rig {
	char dir[32];
	char rsa[64], ed25519[64];
	struct err err;
};

static struct rig rig;

static int up(void **state)
{
	(void)state;
	strcpy(rig.dir, "/tmp/tidings-XXXXXX");
	if (!mkdtemp(rig.dir))
		return -1;
	snprintf(rig.rsa, sizeof(rig.rsa), "%s/rsa", rig.dir);
	snprintf(rig.ed25519, sizeof(rig.ed25519), "%s/ed", rig.dir);
	if (dkim_create(rig.rsa, DKIM_RSA, &rig.err) < 0 ||
	    dkim_create(rig.ed25519, DKIM_ED25519, &rig.err) < 0)
		return -1;
	return 0;
}

static int down(void **state)
{
	(void)state;
	unlink(rig.rsa);
	unlink(rig.ed25519);
	return rmdir(rig.dir);
}

static int fresh(void **state)
{
	(void)state;
	rig.err = (struct err)ERR_INIT;
	return 0;
}

static struct dkim *signer(int which)
{
	const struct dkim_key keys[] = { { rig.rsa, STR("one") },
					 { rig.ed25519, STR("two") } };
	struct dkim *dkim;
	int rc = which < 2 ? dkim_open(STR("example.org"), &keys[which], 1,
				       &dkim, &rig.err)
			   : dkim_open(STR("example.org"), keys, 2, &dkim,
				       &rig.err);

	assert_int_equal(rc, 0);
	return dkim;
}

/* --- a verifier ----------------------------------------------------------- */

/* The value of `tag` in a signature, blanks and line ends taken out. */
static const char *tag_of(const char *field, const char *tag, char *out,
			  size_t room)
{
	char wanted[16];
	const char *at;
	size_t n = 0;

	snprintf(wanted, sizeof(wanted), "%s=", tag);
	for (at = strchr(field, ':') + 1; at; at = strchr(at, ';')) {
		at += strspn(at, "; \t\r\n");
		if (strncmp(at, wanted, strlen(wanted)) == 0)
			break;
	}
	assert_non_null(at);
	for (at += strlen(wanted); *at && *at != ';' && n + 1 < room; at++)
		if (!strchr(" \t\r\n", *at))
			out[n++] = *at;
	out[n] = 0;
	return out;
}

/* name:value of a whole field, unfolded, blanks as one, in `out`. */
static void relax(const char *field, size_t len, char *out)
{
	const char *colon = memchr(field, ':', len);
	char *to = out;

	for (const char *c = field; c <= colon; c++)
		*to++ = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	out = to;
	for (const char *c = colon + 1; c < field + len; c++) {
		if (*c == '\r' || *c == '\n')
			continue;
		if (*c != ' ' && *c != '\t')
			*to++ = *c;
		else if (to > out && to[-1] != ' ')
			*to++ = ' ';
	}
	while (to > out && to[-1] == ' ')
		to--;
	*to = 0;
}

/* Where field number `nth` of that name from the last one begins, or NULL. */
static const char *field_of(const char *message, const char *name, int nth,
			    size_t *len_out)
{
	const char *found[16];
	size_t lens[16];
	int count = 0;
	const char *line = message;

	while (strncmp(line, "\r\n", 2) != 0) {
		const char *end = strstr(line, "\r\n");

		while (end[2] == ' ' || end[2] == '\t')
			end = strstr(end + 2, "\r\n");
		if (strncasecmp(line, name, strlen(name)) == 0 &&
		    line[strlen(name)] == ':') {
			found[count] = line;
			lens[count++] = (size_t)(end - line);
		}
		line = end + 2;
	}
	if (nth >= count)
		return NULL;
	*len_out = lens[count - 1 - nth];
	return found[count - 1 - nth];
}

static void hash_header(const char *message, const char *field,
			size_t field_len, unsigned char hash[32])
{
	char names[2048], data[16384] = "", one[8192];
	char *b;
	int seen = 0;
	char last[64] = "";

	tag_of(field, "h", names, sizeof(names));
	for (char *name = strtok(names, ":"); name; name = strtok(NULL, ":")) {
		const char *at;
		size_t len;

		seen = strcasecmp(name, last) == 0 ? seen + 1 : 0;
		snprintf(last, sizeof(last), "%s", name);
		at = field_of(message, name, seen, &len);
		if (!at)
			continue;
		relax(at, len, one);
		strcat(strcat(data, one), "\r\n");
	}
	relax(field, field_len, one);
	b = strstr(one, " b=");
	assert_non_null(b);
	b[3] = 0;
	strcat(data, one);
	assert_int_equal(
		EVP_Digest(data, strlen(data), hash, NULL, EVP_sha256(), NULL),
		1);
}

static EVP_PKEY *key_at(const char *path)
{
	enum dkim_kind kind;
	EVP_PKEY *key;

	assert_int_equal(dkim_key_read(path, &key, &kind, &rig.err), 0);
	return key;
}

static int proves(const char *path, const unsigned char hash[32],
		  const char *base64)
{
	unsigned char signature[1024];
	EVP_PKEY *key = key_at(path);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *rsa = EVP_PKEY_CTX_new(key, NULL);
	int len = EVP_DecodeBlock(signature, (const unsigned char *)base64,
				  (int)strlen(base64));
	int ok;

	for (size_t n = strlen(base64); base64[n - 1] == '='; n--)
		len--;
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA)
		ok = EVP_PKEY_verify_init(rsa) == 1 &&
		     EVP_PKEY_CTX_set_signature_md(rsa, EVP_sha256()) == 1 &&
		     EVP_PKEY_verify(rsa, signature, (size_t)len, hash, 32) ==
			     1;
	else
		ok = EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
		     EVP_DigestVerify(ctx, signature, (size_t)len, hash, 32) ==
			     1;
	EVP_PKEY_CTX_free(rsa);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}

/* Does signature number `nth` of `signatures` prove `message`? */
static int verifies(const char *signatures, int nth, const char *message,
		    const char *path)
{
	char b[2048];
	char with_end[16384];
	unsigned char hash[32];
	size_t len;
	const char *field;

	snprintf(with_end, sizeof(with_end), "%s\r\n", signatures);
	field = field_of(with_end, "DKIM-Signature", nth, &len);
	assert_non_null(field);
	with_end[(size_t)(field - with_end) + len] = 0;
	hash_header(message, field, len, hash);
	return proves(path, hash, tag_of(field, "b", b, sizeof(b)));
}

static void sign(struct dkim *dkim, const char *message, struct buf *out)
{
	buf_init(out, 65536);
	assert_int_equal(dkim_sign(dkim, str_of(message), AT, out, &rig.err),
			 0);
	assert_false(buf_over(out));
}

#define MESSAGE                                                 \
	"From: The Swamp <letters@example.org>\r\n"             \
	"To: =?utf-8?q?Ada?= <ada@example.org>\r\n"             \
	"Subject: Two  blanks and\r\n a fold \r\n"              \
	"Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n"             \
	"Message-ID: <1@example.org>\r\n"                       \
	"List-Unsubscribe: <https://example.org/u/t>,\r\n"      \
	" <mailto:unsubscribe+t@example.org>\r\n"               \
	"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" \
	"MIME-Version: 1.0\r\n"                                 \
	"Content-Type: text/plain; charset=utf-8\r\n\r\n"       \
	"Hello Ada,\r\n\r\nhere we are.\r\n"

/* --- what is signed ------------------------------------------------------- */

static void a_signature_proves_the_message(void **state)
{
	const char *const paths[] = { rig.rsa, rig.ed25519 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct dkim *dkim = signer(i);
		struct buf out;

		sign(dkim, MESSAGE, &out);
		assert_true(verifies(out.at, 0, MESSAGE, paths[i]));
		buf_done(&out);
		dkim_close(&dkim);
	}
}

static void two_keys_give_two_signatures_that_hold_alone(void **state)
{
	struct dkim *dkim = signer(2);
	struct buf out;

	(void)state;
	sign(dkim, MESSAGE, &out);
	assert_true(verifies(out.at, 1, MESSAGE, rig.rsa));
	assert_true(verifies(out.at, 0, MESSAGE, rig.ed25519));
	assert_false(verifies(out.at, 0, MESSAGE, rig.rsa));
	buf_done(&out);
	dkim_close(&dkim);
}

static void a_changed_or_added_field_breaks_the_signature(void **state)
{
	static const char *const changed[] = {
		"From: The Swamp <letters@example.net>\r\n" MESSAGE,
		"Subject: another\r\n" MESSAGE,
		"List-Unsubscribe: <https://example.net/>\r\n" MESSAGE,
		"Reply-To: mallory@example.net\r\n" MESSAGE,
		"Cc: eve@example.net\r\n" MESSAGE,
		"Content-Transfer-Encoding: base64\r\n" MESSAGE,
	};
	struct dkim *dkim = signer(0);
	struct buf out;

	(void)state;
	sign(dkim, MESSAGE, &out);
	for (size_t i = 0; i < COUNT(changed); i++)
		assert_false(verifies(out.at, 0, changed[i], rig.rsa));
	/* What receivers put in front is no part of it. */
	assert_true(
		verifies(out.at, 0, "Received: from x\r\n" MESSAGE, rig.rsa));
	buf_done(&out);
	dkim_close(&dkim);
}

static void the_same_letter_has_the_same_signature(void **state)
{
	struct dkim *dkim = signer(2);
	struct dkim *copy = dkim_copy(dkim);
	struct buf a, b;

	(void)state;
	sign(dkim, MESSAGE, &a);
	sign(copy, MESSAGE, &b);
	assert_string_equal(a.at, b.at);
	buf_done(&a);
	buf_done(&b);
	dkim_close(&dkim);
	dkim_close(&copy);
}

static void the_field_is_well_formed(void **state)
{
	struct dkim *dkim = signer(0);
	char text[1024];
	struct buf out;
	struct str rest;

	(void)state;
	sign(dkim, MESSAGE, &out);
	assert_string_equal(tag_of(out.at, "d", text, sizeof(text)),
			    "example.org");
	assert_string_equal(tag_of(out.at, "s", text, sizeof(text)), "one");
	assert_string_equal(tag_of(out.at, "t", text, sizeof(text)),
			    "1764036000");
	assert_string_equal(tag_of(out.at, "c", text, sizeof(text)),
			    "relaxed/relaxed");
	assert_null(strstr(out.at, " l="));
	tag_of(out.at, "h", text, sizeof(text));
	assert_non_null(strstr(text, "From:From:To:To:Subject:Subject:"));
	rest = buf_str(&out);
	while (rest.len > 0) {
		struct str line = str_cut(rest, '\n', &rest);

		assert_in_range(line.len, 2, 79);
		assert_true(str_ends(line, STR("\r")));
	}
	buf_done(&out);
	dkim_close(&dkim);
}

static void what_is_no_message_is_not_signed(void **state)
{
	static const char *const bad[] = {
		"",
		"From: a@example.org",
		"From: a@example.org\r\n",
		"To: a@example.org\r\n\r\nx\r\n",
		"no field\r\n\r\n",
		": nothing\r\n\r\n",
	};
	struct dkim *dkim = signer(0);
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	for (size_t i = 0; i < COUNT(bad); i++) {
		rig.err = (struct err)ERR_INIT;
		assert_int_equal(
			dkim_sign(dkim, str_of(bad[i]), AT, &out, &rig.err),
			-1);
		assert_int_equal(rig.err.code, ERR_INPUT);
		assert_int_equal(out.len, 0);
	}
	buf_done(&out);
	dkim_close(&dkim);
}

/* --- the body's hash ------------------------------------------------------ */

static void hash_is(struct body_hash *body, const char *text,
		    const char *canonical)
{
	unsigned char got[32], wanted[32];

	assert_true(body_hash(body, str_of(text), got));
	EVP_Digest(canonical, strlen(canonical), wanted, NULL, EVP_sha256(),
		   NULL);
	if (memcmp(got, wanted, 32) != 0)
		fail_msg("%s", text);
}

static void a_body_is_hashed_in_its_relaxed_form(void **state)
{
	static const struct {
		const char *text, *canonical;
	} cases[] = {
		{ "", "" },
		{ "\r\n", "" },
		{ "\r\n\r\n", "" },
		{ " \t\r\n", "" },
		{ "a", "a\r\n" },
		{ "a\r\n", "a\r\n" },
		{ "a\r\n\r\n\r\n", "a\r\n" },
		{ "a \r\n", "a\r\n" },
		{ " a\r\n", " a\r\n" },
		{ "  a\r\n", " a\r\n" },
		{ "a  b\r\n", "a b\r\n" },
		{ "a\tb\t\r\n", "a b\r\n" },
		{ "\r\na\r\n\r\nb\r\n \r\n", "\r\na\r\n\r\nb\r\n" },
	};
	struct body_hash body;

	(void)state;
	body_hash_open(&body);
	for (size_t i = 0; i < COUNT(cases); i++)
		hash_is(&body, cases[i].text, cases[i].canonical);
	body_hash_close(&body);
}

/* Bodies that share more, less and nothing with the one before. */
static void what_is_kept_of_a_body_never_changes_the_next(void **state)
{
	struct body_hash body;
	char text[20000];
	uint32_t seed = 7;

	(void)state;
	body_hash_open(&body);
	for (size_t i = 0; i < sizeof(text) - 3; i++)
		text[i] = (char)('a' + i % 26);
	memcpy(text + sizeof(text) - 3, "\r\n", 3);
	for (int round = 0; round < 2000; round++) {
		size_t at;

		seed = seed * 1664525u + 1013904223u;
		at = (seed >> 8) % (sizeof(text) - 3);
		text[at] = (char)('a' + (seed >> 4) % 26);
		hash_is(&body, text + (round % 5 == 0 ? at : 0),
			text + (round % 5 == 0 ? at : 0));
	}
	body_hash_close(&body);
}

/* --- keys ----------------------------------------------------------------- */

static void a_new_key_is_its_owners_alone_and_never_replaced(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(rig.rsa, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(dkim_create(rig.rsa, DKIM_RSA, &rig.err), -1);
	assert_int_equal(rig.err.code, ERR_INPUT);
}

static void the_record_carries_the_public_key(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 8192);
	assert_int_equal(dkim_record(rig.rsa, &out, &rig.err), 0);
	assert_memory_equal(out.at, "v=DKIM1; k=rsa; p=MIIBIjANBg", 28);
	assert_int_equal(out.len, 18 + 392);
	buf_reset(&out);
	assert_int_equal(dkim_record(rig.ed25519, &out, &rig.err), 0);
	assert_memory_equal(out.at, "v=DKIM1; k=ed25519; p=", 22);
	assert_int_equal(out.len, 22 + 44);
	buf_done(&out);
}

static void put(const char *path, const char *text, unsigned mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
}

static void a_bad_key_or_name_is_refused_by_name(void **state)
{
	char weak[64], other[64];
	struct dkim_key two[] = { { rig.rsa, STR("a") },
				  { rig.rsa, STR("b") } };
	struct dkim *dkim;

	(void)state;
	snprintf(weak, sizeof(weak), "%s/weak", rig.dir);
	snprintf(other, sizeof(other), "%s/none", rig.dir);
	put(weak, "not a key", 0600);
#define REFUSED(domain, key, number, code_wanted, words)                      \
	do {                                                                  \
		rig.err = (struct err)ERR_INIT;                               \
		assert_int_equal(                                             \
			dkim_open(STR(domain), key, number, &dkim, &rig.err), \
			-1);                                                  \
		assert_int_equal(rig.err.code, code_wanted);                  \
		assert_non_null(strstr(rig.err.message, words));              \
	} while (0)
	REFUSED("example.org", two, 2, ERR_CONFIG, "of the same kind");
	REFUSED("exa mple.org", two, 1, ERR_CONFIG, "is no domain");
	REFUSED("example.org;", two, 1, ERR_CONFIG, "is no domain");
	two[0].selector = STR("a;b");
	REFUSED("example.org", two, 1, ERR_CONFIG, "is no selector");
	two[0] = (struct dkim_key){ weak, STR("a") };
	REFUSED("example.org", two, 1, ERR_CONFIG, "no private key");
	two[0].path = other;
	REFUSED("example.org", two, 1, ERR_MISSING, "none");
	two[0].path = rig.ed25519;
	chmod(rig.ed25519, 0640);
	REFUSED("example.org", two, 1, ERR_CONFIG, "others may read");
	chmod(rig.ed25519, 0600);
	unlink(weak);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, fresh)
	const struct CMUnitTest tests[] = {
		TEST(a_signature_proves_the_message),
		TEST(two_keys_give_two_signatures_that_hold_alone),
		TEST(a_changed_or_added_field_breaks_the_signature),
		TEST(the_same_letter_has_the_same_signature),
		TEST(the_field_is_well_formed),
		TEST(what_is_no_message_is_not_signed),
		TEST(a_body_is_hashed_in_its_relaxed_form),
		TEST(what_is_kept_of_a_body_never_changes_the_next),
		TEST(a_new_key_is_its_owners_alone_and_never_replaced),
		TEST(the_record_carries_the_public_key),
		TEST(a_bad_key_or_name_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, up, down);
}
