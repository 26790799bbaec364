net_src := net.c offer.c reply.c smtp.c
# By name where it is there: other libraries' headers may bring the GnuTLS
# flavour of libcurl along, which costs two to three times the CPU in TLS.
net_curl := $(shell $(CC) -print-file-name=libcurl.so.4)
net_libs := $(if $(findstring /,$(net_curl)),-l:libcurl.so.4,-lcurl)
