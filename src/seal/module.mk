seal_src := certificate.c seal.c tls.c token.c
seal_pkgs := openssl
