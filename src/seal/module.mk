seal_src := certificate.c dkim.c dkim_body.c dkim_key.c seal.c tls.c token.c
seal_pkgs := openssl
