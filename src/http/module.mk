http_src  := answer.c decode.c exchange.c guard.c server.c
http_pkgs := libmicrohttpd
