/* seal.c - the master secret and the keys made from it */
#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "seal_priv.h"

/* "tidings-key 1 KEYID HEX\n" */
#define FORMAT	 "tidings-key 1 "
#define TEXT_MAX 256

static const char *const labels[LABEL_COUNT] = {
#define X(name, text) [LABEL_##name] = text,
	SEAL_LABELS(X)
#undef X
};

static void to_hex(const unsigned char *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * len] = 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool from_hex(struct str hex, unsigned char *out, size_t len)
{
	if (hex.len != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit(hex.at[2 * i]);
		int low = hex_digit(hex.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static EVP_MAC_CTX *keyed_with(EVP_MAC *mac, const unsigned char *key,
			       size_t len)
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest,
						 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);

	if (!ctx || EVP_MAC_init(ctx, key, len, params) != 1)
		die("no HMAC-SHA256");
	return ctx;
}

static void finish(EVP_MAC_CTX *ctx, struct str bytes,
		   unsigned char out[MAC_LEN])
{
	size_t len;

	if (EVP_MAC_update(ctx, (const unsigned char *)bytes.at, bytes.len) !=
		    1 ||
	    EVP_MAC_final(ctx, out, &len, MAC_LEN) != 1)
		die("HMAC-SHA256 failed");
}

static void derive(const struct seal *seal, const char *label,
		   unsigned char out[MAC_LEN])
{
	EVP_MAC_CTX *ctx = keyed_with(seal->mac, seal->secret, SECRET_LEN);

	finish(ctx, str_of(label), out);
	EVP_MAC_CTX_free(ctx);
}

static struct seal *make(const unsigned char secret[SECRET_LEN], uint8_t id)
{
	struct seal *seal = die_calloc(1, sizeof(*seal), "the seal");
	unsigned char key[MAC_LEN];

	memcpy(seal->secret, secret, SECRET_LEN);
	seal->key_id = id;
	seal->mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (!seal->mac)
		die("no HMAC");
	for (int i = 0; i < LABEL_COUNT; i++) {
		derive(seal, labels[i], key);
		seal->keyed[i] = keyed_with(seal->mac, key, MAC_LEN);
	}
	OPENSSL_cleanse(key, sizeof(key));
	return seal;
}

struct seal *seal_of(const unsigned char secret[32])
{
	return make(secret, 1);
}

struct seal *seal_copy(const struct seal *seal)
{
	return make(seal->secret, seal->key_id);
}

void seal_close(struct seal **seal)
{
	if (!*seal)
		return;
	for (int i = 0; i < LABEL_COUNT; i++)
		EVP_MAC_CTX_free((*seal)->keyed[i]);
	EVP_MAC_free((*seal)->mac);
	OPENSSL_cleanse(*seal, sizeof(**seal));
	free(*seal);
	*seal = NULL;
}

void seal_mac(struct seal *seal, enum seal_label label, struct str bytes,
	      unsigned char out[MAC_LEN])
{
	EVP_MAC_CTX *ctx = seal->keyed[label];

	if (EVP_MAC_init(ctx, NULL, 0, NULL) != 1)
		die("HMAC-SHA256 failed");
	finish(ctx, bytes, out);
}

/* The name is taken first, empty: of two that create at once one succeeds,
 * and no key is ever replaced. */
static int reserve(const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	if (errno != EEXIST)
		return err_sys(err, "cannot write '%s'", path);
	err_set(err, ERR_IO, "'%s' is there already", path);
	return err_hint(err, "a key is never written over: links in old "
			     "letters depend on it");
}

int seal_create(const char *path, struct err *err)
{
	unsigned char secret[SECRET_LEN];
	char hex[2 * SECRET_LEN + 1];
	char text[128];
	int rc;

	if (reserve(path, err) < 0)
		return -1;
	seal_random(secret, sizeof(secret));
	to_hex(secret, sizeof(secret), hex);
	snprintf(text, sizeof(text), FORMAT "1 %s\n", hex);
	rc = file_write(path, str_of(text), 0600, err);
	if (rc < 0)
		unlink(path);
	OPENSSL_cleanse(secret, sizeof(secret));
	OPENSSL_cleanse(hex, sizeof(hex));
	OPENSSL_cleanse(text, sizeof(text));
	return rc;
}

static int check_rights(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		err_sys(err, "cannot open '%s'", path);
		return err_hint(err, "restore it from a backup: links in old "
				     "letters depend on it");
	}
	if ((st.st_mode & 077) == 0)
		return 0;
	err_set(err, ERR_CONFIG, "others may read '%s'", path);
	return err_hint(err, "run: chmod 600 '%s'", path);
}

/* Not by file_read(), whose copies in memory nobody wipes. */
static int read_text(const char *path, char room[TEXT_MAX],
		     struct str *text_out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		return err_sys(err, "cannot open '%s'", path);
	do {
		got = read(fd, room + len, TEXT_MAX - len);
		if (got > 0)
			len += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0)
		err_sys(err, "cannot read '%s'", path);
	close(fd);
	*text_out = str_trim(str_at(room, len));
	return got < 0 ? -1 : 0;
}

int seal_open(const char *path, struct seal **seal_out, struct err *err)
{
	unsigned char secret[SECRET_LEN];
	char room[TEXT_MAX];
	struct str text, id;
	int64_t number;
	int rc = -1;

	if (check_rights(path, err) < 0 ||
	    read_text(path, room, &text, err) < 0)
		goto out;
	if (str_starts(text, STR(FORMAT))) {
		text = str_skip(text, sizeof(FORMAT) - 1);
		id = str_cut(text, ' ', &text);
		if (str_int64(id, &number) && number > 0 && number < 256 &&
		    from_hex(text, secret, sizeof(secret))) {
			*seal_out = make(secret, (uint8_t)number);
			rc = 0;
			goto out;
		}
	}
	err_set(err, ERR_CONFIG, "'%s' is not a key", path);
	err_hint(err, "restore it from a backup");
out:
	OPENSSL_cleanse(secret, sizeof(secret));
	OPENSSL_cleanse(room, sizeof(room));
	return rc;
}

void seal_message_id(struct seal *seal, uint32_t issue, uint64_t subscriber,
		     char out[33])
{
	unsigned char in[12], mac[MAC_LEN];

	for (int i = 0; i < 4; i++)
		in[i] = (unsigned char)(issue >> (24 - 8 * i));
	for (int i = 0; i < 8; i++)
		in[4 + i] = (unsigned char)(subscriber >> (56 - 8 * i));
	seal_mac(seal, LABEL_MESSAGE_ID, str_at((const char *)in, sizeof(in)),
		 mac);
	to_hex(mac, 16, out);
}

void seal_sha256_hex(struct str bytes, char out[65])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	SHA256((const unsigned char *)bytes.at, bytes.len, digest);
	to_hex(digest, sizeof(digest), out);
}

void seal_address(struct seal *seal, struct str key, char out[65])
{
	unsigned char mac[MAC_LEN];

	seal_mac(seal, LABEL_SUPPRESSION, key, mac);
	to_hex(mac, sizeof(mac), out);
}

void seal_random(void *out, size_t len)
{
	if (RAND_bytes(out, (int)len) != 1)
		die("the system gives no random bytes");
}

uint64_t seal_random_id(void)
{
	uint64_t id = 0;

	while (id == 0) {
		seal_random(&id, sizeof(id));
		id &= INT64_MAX;
	}
	return id;
}
