/* tls.h - the server's side of TLS on a non-blocking socket, for the catcher
 *
 * (The client's side is libcurl's, in net.)
 */
#ifndef SEAL_TLS_H
#define SEAL_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

struct tls_server;		/* certificate and settings */
struct tls;			/* one connection */

/* With a self-made certificate for localhost, 127.0.0.1 and ::1, valid a
 * year. The certificate in PEM goes to *pem_out (owned by the server), so
 * that a client can be told to trust it. */
int tls_server_self_signed(struct tls_server **server_out,
			   struct str *pem_out, struct err *err);
void tls_server_free(struct tls_server **server);

/* Ready for a handshake that tls_read() will make; NULL out of memory. */
struct tls *tls_accept(struct tls_server *server, int fd);
void tls_free(struct tls **tls);	/* does not close fd */

/* As read(2) and write(2): bytes, 0 at the end, -1 with errno EAGAIN when the
 * socket must first be readable (or, *want_write, writable), EIO otherwise.
 * The handshake happens inside. */
ssize_t tls_read(struct tls *tls, void *out, size_t room, bool *want_write);
ssize_t tls_write(struct tls *tls, const void *from, size_t len,
		  bool *want_write);

#endif
