/* dkim.c - signing a message's header and body: see seal/dkim.h */
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/die.h"
#include "dkim_priv.h"

#define HEADER_MAX    ((size_t)256 * 1024)
#define FIELDS_MAX    64
#define LINE	      72
#define SIGNATURE_MAX 1024 /* an RSA key of 8192 bits */

/* What is signed where it is there, and over-signed: one more of these, put
 * in by somebody else, would change what a reader sees or answers to (RFC 6376
 * 8.15, and what receivers of bulk mail ask for). */
static const struct {
	const char *name;
	bool over;
} signed_fields[] = {
	{ "From", true },
	{ "To", true },
	{ "Subject", true },
	{ "Date", true },
	{ "Message-ID", true },
	{ "Reply-To", true },
	{ "Cc", true },
	{ "List-Id", true },
	{ "List-Unsubscribe", true },
	{ "List-Unsubscribe-Post", true },
	{ "List-Help", true },
	{ "List-Owner", true },
	{ "List-Archive", true },
	{ "List-Post", true },
	{ "List-Subscribe", true },
	{ "Archived-At", false },
	{ "Feedback-ID", false },
	{ "Auto-Submitted", false },
	{ "MIME-Version", true },
	{ "Content-Type", true },
	{ "Content-Transfer-Encoding", true },
};

#define SIGNED_COUNT (sizeof(signed_fields) / sizeof(*signed_fields))

struct field { /* with its folds, without its last CRLF */
	struct str name, value;
};

struct message {
	struct field fields[FIELDS_MAX];
	size_t count;
	struct str body;
};

/* --- the message's fields ------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next field of `rest`; folded lines belong to it. False when what is
 * there is no field. */
static bool cut_field(struct str *rest, struct field *out)
{
	size_t end = 0;
	ptrdiff_t colon;
	struct str whole;

	do {
		ptrdiff_t line = str_find_str(str_skip(*rest, end),
					      STR("\r\n"));

		if (line < 0)
			return false;
		end += (size_t)line + 2;
	} while (end < rest->len && is_blank(rest->at[end]));
	whole = str_head(*rest, end - 2);
	*rest = str_skip(*rest, end);
	colon = str_find(whole, ':');
	if (colon <= 0)
		return false;
	out->name = str_head(whole, (size_t)colon);
	out->value = str_skip(whole, (size_t)colon + 1);
	return true;
}

static int read_message(struct str text, struct message *m, struct err *err)
{
	m->count = 0;
	while (!str_starts(text, STR("\r\n"))) {
		if (m->count == FIELDS_MAX ||
		    !cut_field(&text, &m->fields[m->count]))
			return err_set(err, ERR_INPUT,
				       "no message to be signed: its header "
				       "has no end");
		m->count++;
	}
	m->body = str_skip(text, 2);
	return 0;
}

/* --- canonical form (RFC 6376 3.4.2) -------------------------------------- */

static void add_relaxed(struct buf *out, struct str name, struct str value)
{
	bool blank = false;
	size_t start;

	for (size_t i = 0; i < name.len; i++)
		if (!is_blank(name.at[i]))
			buf_byte(out, name.at[i] >= 'A' && name.at[i] <= 'Z'
					      ? (char)(name.at[i] - 'A' + 'a')
					      : name.at[i]);
	buf_byte(out, ':');
	start = out->len;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		if (c == '\r' || c == '\n')
			continue;
		if (is_blank(c)) {
			blank = true;
			continue;
		}
		if (blank && out->len > start)
			buf_byte(out, ' ');
		blank = false;
		buf_byte(out, c);
	}
}

/* Hash input and h= together: of each name its fields from the last one up,
 * and one that is not there when it is over-signed. */
static void add_named(struct dkim *dkim, const struct message *m, size_t which)
{
	const char *name = signed_fields[which].name;
	size_t found = 0;

	for (size_t i = m->count; i-- > 0;) {
		const struct field *field = &m->fields[i];

		if (field->name.len != strlen(name) ||
		    strncasecmp(field->name.at, name, field->name.len) != 0)
			continue;
		add_relaxed(&dkim->hashed, field->name, field->value);
		buf_addz(&dkim->hashed, "\r\n");
		found++;
	}
	if (signed_fields[which].over)
		found++;
	for (size_t i = 0; i < found; i++)
		buf_fmt(&dkim->names, "%s:", name);
}

static int add_fields(struct dkim *dkim, const struct message *m,
		      struct err *err)
{
	buf_reset(&dkim->hashed);
	buf_reset(&dkim->names);
	add_named(dkim, m, 0);
	if (dkim->hashed.len == 0)
		return err_set(err, ERR_INPUT,
			       "no message to be signed: it has no From");
	for (size_t i = 1; i < SIGNED_COUNT; i++)
		add_named(dkim, m, i);
	return 0;
}

/* --- the signature field -------------------------------------------------- */

/* h= in lines that break behind a colon, where folding is no change. */
static void put_names(struct buf *out, struct str names)
{
	size_t column = LINE;

	if (str_ends(names, STR(":")))
		names.len--;
	while (names.len > 0) {
		ptrdiff_t colon = str_find(names, ':');
		size_t len = colon < 0 ? names.len : (size_t)colon + 1;

		if (column + len > LINE) {
			buf_addz(out, "\r\n\t");
			column = 8;
		}
		buf_add(out, str_head(names, len));
		column += len;
		names = str_skip(names, len);
	}
}

static void put_base64(struct buf *out, const unsigned char *bytes, size_t len)
{
	char text[SIGNATURE_MAX * 4 / 3 + 8];
	struct str rest;
	int n = EVP_EncodeBlock((unsigned char *)text, bytes, (int)len);

	rest = str_at(text, n < 0 ? 0 : (size_t)n);
	while (rest.len > 0) {
		struct str line = str_head(rest, LINE - 8);

		buf_addz(out, "\r\n\t");
		buf_add(out, line);
		rest = str_skip(rest, line.len);
	}
}

/* All of the field but what follows b=. */
static void begin_field(struct dkim *dkim, const struct signer *signer,
			int64_t time_s, const unsigned char *body)
{
	char hash[64];
	struct buf *out = &dkim->field;

	EVP_EncodeBlock((unsigned char *)hash, body, SHA256_LEN);
	buf_reset(out);
	buf_fmt(out,
		"DKIM-Signature: v=1; a=%s; c=relaxed/relaxed;\r\n"
		"\td=" STR_FMT ";\r\n\ts=" STR_FMT "; t=%lld;\r\n\th=",
		signer->kind == DKIM_RSA ? "rsa-sha256" : "ed25519-sha256",
		STR_ARG(dkim->domain), STR_ARG(signer->selector),
		(long long)time_s);
	put_names(out, buf_str(&dkim->names));
	buf_fmt(out, ";\r\n\tbh=%s;\r\n\tb=", hash);
}

/* Ed25519 signs the hash, not the text (RFC 8463 3). */
static bool sign_hash(const struct signer *signer, const unsigned char *hash,
		      unsigned char *out, size_t *len)
{
	EVP_MD_CTX *ctx;
	bool ok;

	if (signer->rsa)
		return EVP_PKEY_sign(signer->rsa, out, len, hash, SHA256_LEN) ==
		       1;
	ctx = EVP_MD_CTX_new();
	ok = ctx &&
	     EVP_DigestSignInit(ctx, NULL, NULL, NULL, signer->key) == 1 &&
	     EVP_DigestSign(ctx, out, len, hash, SHA256_LEN) == 1;
	EVP_MD_CTX_free(ctx);
	return ok;
}

static int sign_with(struct dkim *dkim, const struct signer *signer,
		     struct buf *out, struct err *err)
{
	static const struct str name = STR("DKIM-Signature");
	unsigned char signature[SIGNATURE_MAX];
	unsigned char hash[SHA256_LEN];
	size_t len = sizeof(signature);
	size_t fields = dkim->hashed.len;
	bool ok;

	add_relaxed(&dkim->hashed, name,
		    str_skip(buf_str(&dkim->field), name.len + 1));
	ok = !buf_over(&dkim->hashed) && !buf_over(&dkim->field) &&
	     EVP_Digest(dkim->hashed.at, dkim->hashed.len, hash, NULL,
			EVP_sha256(), NULL) == 1 &&
	     sign_hash(signer, hash, signature, &len);
	buf_cut(&dkim->hashed, fields);
	if (!ok)
		return err_set(err, ERR_INTERNAL,
			       "the letter cannot be signed");
	buf_add(out, buf_str(&dkim->field));
	put_base64(out, signature, len);
	buf_addz(out, "\r\n");
	return 0;
}

int dkim_sign(struct dkim *dkim, struct str message, int64_t time_s,
	      struct buf *out, struct err *err)
{
	unsigned char body[SHA256_LEN];
	struct message m;

	if (read_message(message, &m, err) < 0 || add_fields(dkim, &m, err) < 0)
		return -1;
	if (!body_hash(&dkim->body, m.body, body))
		return err_set(err, ERR_INTERNAL,
			       "the letter cannot be hashed");
	for (size_t i = 0; i < dkim->count; i++) {
		begin_field(dkim, &dkim->signers[i], time_s, body);
		if (sign_with(dkim, &dkim->signers[i], out, err) < 0)
			return -1;
	}
	return 0;
}

/* --- keys ----------------------------------------------------------------- */

bool dkim_name_ok(struct str name)
{
	if (name.len == 0 || name.len > 253 || name.at[0] == '.')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '-' && c != '_' &&
		    !(c == '.' && i + 1 < name.len && name.at[i + 1] != '.'))
			return false;
	}
	return true;
}

static int wrong_name(const char *what, struct str name, struct err *err)
{
	err_set(err, ERR_CONFIG, "'" STR_FMT "' is no %s",
		STR_ARG(str_head(name, 80)), what);
	return err_hint(err, "letters, digits, '-' and '.' as in a host's "
			     "name; other scripts as xn--");
}

static EVP_PKEY_CTX *rsa_context(EVP_PKEY *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

	if (!ctx || EVP_PKEY_sign_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) != 1)
		die("no RSA signatures");
	return ctx;
}

static struct dkim *dkim_new(struct str domain)
{
	struct dkim *dkim = die_calloc(1, sizeof(*dkim), "a signer");

	dkim->arena = arena_new("a signer", 4096);
	dkim->domain = arena_dup(dkim->arena, domain);
	body_hash_open(&dkim->body);
	buf_init(&dkim->names, HEADER_MAX);
	buf_init(&dkim->hashed, HEADER_MAX);
	buf_init(&dkim->field, HEADER_MAX);
	return dkim;
}

/* Takes the key. */
static void add_signer(struct dkim *dkim, enum dkim_kind kind, EVP_PKEY *key,
		       struct str selector)
{
	struct signer *signer = &dkim->signers[dkim->count++];

	signer->kind = kind;
	signer->key = key;
	signer->selector = arena_dup(dkim->arena, selector);
	signer->rsa = kind == DKIM_RSA ? rsa_context(key) : NULL;
}

static int open_key(struct dkim *dkim, const struct dkim_key *from,
		    struct err *err)
{
	enum dkim_kind kind;
	EVP_PKEY *key;

	if (!dkim_name_ok(from->selector))
		return wrong_name("selector", from->selector, err);
	if (dkim_key_read(from->path, &key, &kind, err) < 0)
		return -1;
	if (dkim->count > 0 && dkim->signers[0].kind == kind) {
		EVP_PKEY_free(key);
		err_set(err, ERR_CONFIG, "both keys are of the same kind");
		err_hint(err, "one RSA key, and beside it one Ed25519 key");
		return err_place(err, "%s", from->path);
	}
	add_signer(dkim, kind, key, from->selector);
	return 0;
}

int dkim_open(struct str domain, const struct dkim_key *keys, size_t count,
	      struct dkim **dkim_out, struct err *err)
{
	struct dkim *dkim;

	if (!dkim_name_ok(domain))
		return wrong_name("domain", domain, err);
	dkim = dkim_new(domain);
	for (size_t i = 0; i < count && i < DKIM_KEYS_MAX; i++)
		if (open_key(dkim, &keys[i], err) < 0) {
			dkim_close(&dkim);
			return -1;
		}
	*dkim_out = dkim;
	return 0;
}

struct dkim *dkim_copy(const struct dkim *dkim)
{
	struct dkim *copy = dkim_new(dkim->domain);

	for (size_t i = 0; i < dkim->count; i++) {
		const struct signer *signer = &dkim->signers[i];

		if (EVP_PKEY_up_ref(signer->key) != 1)
			die("a key cannot be shared");
		add_signer(copy, signer->kind, signer->key, signer->selector);
	}
	return copy;
}

void dkim_close(struct dkim **dkim)
{
	struct dkim *d = *dkim;

	if (!d)
		return;
	for (size_t i = 0; i < d->count; i++) {
		EVP_PKEY_CTX_free(d->signers[i].rsa);
		EVP_PKEY_free(d->signers[i].key);
	}
	body_hash_close(&d->body);
	buf_done(&d->names);
	buf_done(&d->hashed);
	buf_done(&d->field);
	arena_free(&d->arena);
	free(d);
	*dkim = NULL;
}
