mail_src := address.c header.c qp.c
